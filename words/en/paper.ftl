# Documents as PDF: what is printed, what pages say of them, and what the verify page finds.

## On every document
paper-page = Page { $page } of { $pages }
paper-check = Scan to check
paper-draft = As it stood { $moment }
paper-draft-explained = Nobody has signed this. It shows the record as it stood { $moment }, and may still change.
paper-signed = As signed { $moment } · no. { $seq } in the log
paper-not-signed = Not signed
paper-amended-explained = This is what was signed. The report has been opened again since, and this signature no longer stands for it.
paper-no-drawing = The drawn signature cannot be shown here; it is in the proof.
paper-field = Field
paper-by = By, arrived
paper-later = What came later
paper-later-explained = Nobody has signed any of this. What was signed stands above, unchanged.
paper-proof = Proof of the signature
paper-proof-explained = The proof travels inside the PDF. Anyone can check the file on the page the code leads to, or with “docket verify”, without an account: whether it is as it was printed, and what was signed.
paper-attached-proof = Proof of the sign-off: statement, content, receipt
paper-attached-content = What was signed

## On pages
papers = Documents
paper-file = PDF
paper-no-chinese-font = There is Chinese in this document, and no Chinese font on the server. Nothing was printed. Whoever runs the server can install one (fonts-noto-cjk on Debian) or name a folder with one: docket serve --fonts DIR.
paper-too-long = This document would be longer than anybody reads. Nothing was printed; the record has everything.
paper-busy = Other documents are being printed. Try again in a moment.
paper-not-set = This document cannot be printed. What is in the record is safe; whoever runs the server finds the reason in its log.

## Checking a document
verify-identical = Identical: this document is as it was printed.
verify-identical-explained = Not one byte of the file was changed since this server printed it, and the signature in it holds.
verify-paper-unsigned = This document is as it was printed. Nobody has signed it.
verify-paper-changed = Changed: this is not the file that was printed.
verify-paper-changed-pages = Something in the file was changed after it was printed, so its pages may say anything. The proof inside is whole: what was signed is below. Compare it with the pages.
verify-paper-changed-unsigned = Something in it was changed, or another server printed it. There is no signature in it to check.
verify-paper-none = This PDF was not printed by Docket.
verify-changed-fields = Changed
verify-changed-field-explained = These fields do not read as they were signed:
verify-code-known = This signature is known here.
verify-code-known-explained = A sign-off with this code reached this server. What was signed is not shown without its proof; compare the digest with the one on the paper, or bring the PDF.
verify-code-unknown = There is no signature with this code here.
verify-code-unknown-explained = The code may be from another server, or somebody has made it up.
verify-code-standing = Standing
verify-code-stands = It stands
verify-code-amended = The report was opened again since; this signature no longer stands for it.
verify-code-refused = The customer has refused
