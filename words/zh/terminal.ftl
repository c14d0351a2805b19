# 命令行：终端显示的文字。

## 技术支持记录表的导入与导出
row-encoding = 无法按文件编码读取
row-date-missing = 没有日期
row-date-unclear = “{ $text }”不是明确的日期，请写成 2026-11-03
row-description-missing = 没有问题描述
row-solved-unclear = “{ $text }”既不是“是”也不是“否”
row-too-long = { $heading } 超过 { $count } 个字
row-too-many-cells = 单元格比表头多；是否有逗号没有放在引号里？
csv-empty = 文件是空的。
csv-no-headings = 第一行必须是表头，至少包括日期和问题描述（date, description）。
import-read = { $file }，{ $encoding }
import-rows = 读取 { $count } 行
import-added = 新建 { $count } 张工单
import-known = { $count } 行已经导入过
import-bad = { $count } 行未导入
import-line = 行号
import-reason = 原因
import-no-record = { $file } 不是记录：不是 Automerge 文档、已损坏或过大。没有导入任何内容。
import-record-done = 已导入 { $number }（{ $count } 处变更）
import-record-refused = 没有导入任何内容，因为以下变更不被接受：
import-change = 变更
import-field = 字段
import-unknown-headings = 未使用的列：{ $names }
import-strangers = 没有账号，已写入问题描述：{ $names }
export-done = 已将 { $count } 张工单写入 { $file }
no-clerk = 这里没有用户服务人员或服务经理的账号；请用 --as 指定。
no-such-person = 没有账号“{ $login }”，或者该账号无权执行此操作。
data-in-use = 有 Docket 服务器正在使用这个数据目录。请先停止它，或换一个目录；没有作任何改动。
file-unreadable = 无法读取 { $file }：{ $reason }
file-unwritable = 无法写入 { $file }：{ $reason }

## 核验证明
terminal-valid = 有效
terminal-invalid = 不成立
terminal-compare-key = 请将此密钥与该单位公布的密钥核对，或用 --server-key 给出。
terminal-key-matches = 服务器密钥与给出的一致。

## 演示
demo-seeding = 正在 { $folder } 中建立一个演示单位
demo-kept = 继续使用 { $folder } 中的内容；删除该目录可重新开始
demo-opened = 已建立 { $count } 个工单
demo-console = 控制台
demo-phone = 手机应用
demo-phone-network = 同一网络中的手机
demo-phone-note = 手机只有通过 https 或 localhost 才能安装应用并离线工作；通过普通 http 可以打开，但不会保存任何内容。
demo-accounts = 账号
demo-password = 所有账号的密码都是
demo-stop = 按 Ctrl-C 停止服务器，您所做的都会保留。

## 恢复备份之后
recover-never = 据现有记录，这个数据库从未从备份恢复过。
recover-noticed = 曾从备份恢复，发现时间 { $at }
recover-lost = 丢失 { $count } 条日志
recover-lost-unknown = 无法得知丢失了多少：数据库旁的标记缺失，或者也被一并恢复
recover-returned = 手机已交回 { $count } 条修改
recover-returned-records = 涉及 { $count } 份工单或用户档案
recover-waiting = { $count } 条无法证明，正在控制台等待处理
recover-person = 人员
recover-phone = 手机
recover-last-seen = 最近联系
recover-brought = 已交回
recover-since = 恢复之后
recover-seen = 已联系
recover-not-seen = 尚未联系，上面可能还有内容
recover-next = 手机上仍保存的内容无需处理：每部手机下次同步时会自动交回。

## 由日志重建
rebuild-done = 已由日志重建 { $count } 条记录及其全部派生数据
rebuild-log-broken = 日志本身不完整：{ $reason }。未作任何改动，请恢复备份。

## 审计日志
audit-whole = 未被改动：记录链完整，至第 { $to } 条。
audit-whole-since = 未被改动：第 { $from } 条至第 { $to } 条的记录链完整。命令行可核对全部记录。
audit-missing = 缺少第 { $to } 条记录。有人在系统之外改动了日志；请保留数据目录的副本并告知管理员。
audit-altered = 第 { $to } 条记录与写入时不符。有人在系统之外改动了日志；请保留数据目录的副本并告知管理员。
audit-cut = 日志的结尾与记录不符：自第 { $to } 条起，有人在系统之外删减或添加过。请保留数据目录的副本并告知管理员。
audit-check-whole = ✓ 未被改动：审计日志完整，至第 { $to } 条，摘要 { $digest }
audit-check-kept = ✓ 第 { $number } 条记录的摘要与保留的一致。
audit-check-other = 第 { $number } 条记录的摘要与保留的不同：日志在此之后被重写过。
