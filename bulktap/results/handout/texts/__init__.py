"""What hand-outs say, one file a language; `languages` reads them."""
