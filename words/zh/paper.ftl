# PDF 文档：打印的内容、页面上的说明，以及核验页的结论。

## 每份文档
paper-page = 第 { $page } 页，共 { $pages } 页
paper-check = 扫码核验
paper-draft = 截至 { $moment }
paper-draft-explained = 本文档未经签字，为截至 { $moment } 的记录，内容仍可能变更。
paper-signed = 签字版本 { $moment } · 日志第 { $seq } 号
paper-not-signed = 未签字
paper-amended-explained = 此为签字时的内容。报告此后已重新打开修订，本签字不再作为现行报告的确认。
paper-no-drawing = 手写签名无法在此显示，原件保存在证明文件中。
paper-field = 项目
paper-by = 填写人、送达时间
paper-later = 签字后的变更
paper-later-explained = 以下内容未经签字。签字内容以上文为准，未作改动。
paper-proof = 签字证明
paper-proof-explained = 证明文件随本 PDF 一并保存。任何人无需账号，扫描二维码打开核验页或使用“docket verify”，即可核对文件是否与打印时一致、签字内容为何。
paper-attached-proof = 签字证明：签字声明、签字内容、服务器回执
paper-attached-content = 签字内容

## 页面
papers = 文档
paper-file = PDF
paper-no-chinese-font = 文档含有中文，而服务器上没有中文字体，未能打印。请系统管理员安装中文字体（Debian：fonts-noto-cjk），或用 docket serve --fonts DIR 指定字体文件夹。
paper-too-long = 文档过长，未能打印。全部内容仍在记录中。
paper-busy = 正在打印其他文档，请稍后再试。
paper-not-set = 文档未能打印。记录内容完好，原因见服务器日志，请联系系统管理员。

## 核验文档
verify-identical = 一致：文档与打印时完全相同。
verify-identical-explained = 自本服务器打印以来，文件一个字节也没有改动，其中的签字有效。
verify-paper-unsigned = 文档与打印时完全相同。本文档未经签字。
verify-paper-changed = 已改动：这不是当时打印的文件。
verify-paper-changed-pages = 文件打印之后被改动过，页面内容不可信。其中的签字证明完好：签字内容见下，请与页面逐项核对。
verify-paper-changed-unsigned = 文件被改动过，或由另一台服务器打印。其中没有可供核验的签字。
verify-paper-none = 这份 PDF 不是由 Docket 打印的。
verify-changed-fields = 改动的项目
verify-changed-field-explained = 以下项目与签字时的内容不一致：
verify-code-known = 本服务器有这次签字的记录。
verify-code-known-explained = 带有此码的签字已送达本服务器。没有证明文件时不显示签字内容；请将摘要与纸面核对，或上传 PDF 文件。
verify-code-unknown = 本服务器没有带有此码的签字。
verify-code-unknown-explained = 此码可能来自另一台服务器，或系伪造。
verify-code-standing = 效力
verify-code-stands = 签字有效
verify-code-amended = 报告此后已重新打开修订，本签字不再作为现行报告的确认。
verify-code-refused = 用户不同意
