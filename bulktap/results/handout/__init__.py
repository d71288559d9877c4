"""Passes on paper: slips to cut apart, class lists, letters and labels, and covers without codes.

`sheets_model` says what is printed and how, `rendering` makes PDF bytes of it, `proof_reading` reads them back, and
`glyphs` finds beforehand what no font has. The words stand in `texts`, a file a language (`languages`, `spelling`,
`pass_periods`), the layouts in `layouts` (`sheet_data` is what they are told, `typesetting` runs them, `label_sheets`
and `purpose_pages` are what they need to know of shops and of Microsoft); `logos` and `own_template` check what users
bring. Nothing here writes a file: codes in clear are in memory only.

Why typst, pypdf and segno: typst (24 MB, no dependency of its own) lays out any script, right to left and shaped, falls
back from font to font, brings a monospaced font that tells 0 O 1 l I apart on every system, and takes its sources and
returns its PDF as bytes. fpdf2 is smaller, but needs a font file for every script, and lays out nothing by itself. A
browser needs files and a process. pypdf is pure Python over `cryptography`, which is here anyway, seals with AES-256
(revision 6) in about 15 ms a file and reads pages for the proof; pikepdf is faster and would bring qpdf, lxml and
Pillow (40 MB) for it. segno is pure Python, and draws QR codes as text that typst takes.
"""
