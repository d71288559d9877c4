"""Bundles: several files that are one roster.

`inputs` lists the files of a folder, of an archive, or of several names. `school_files` knows the exports of schools by
what their files are called and headed, and `school_join` puts class, teacher, school and grade beside each person;
where the files are no such export, `several` reads each as a roster of its own and puts them together. What reads one
file is handed in, so that nothing here knows formats.
"""
