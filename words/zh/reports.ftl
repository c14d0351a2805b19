# 期间记录、统计及相关页面：办公室阅读和打印的文字。

## 期间记录
nav-reports = 报表
records-title = 技术支持记录
records-count = 共 { $count } 条记录
records-open-count = 遗留 { $count } 条
records-carried = 前期遗留问题
records-opened = 本期受理
records-empty = 没有符合条件的记录。
records-cut = 每部分只显示前 { $count } 条。请缩小期间查看其他记录；导出的文件包含全部。
records-date = 日期
records-problem = 问题描述
records-solution = 解决方案
records-handler = 处理人
records-standing = 结果
records-number = 工单号
records-open-point = 遗留问题
records-from = 从
records-to = 至
records-search = 记录中的文字
records-any-customer = 全部用户
records-any-category = 全部分类
records-open-only = 只看遗留问题
records-group-none = 按日期
records-group-customer = 按用户
records-group-category = 按问题分类
records-group-label = 分组
records-unnamed-customer = 未填用户
records-unnamed-category = 未填分类
records-this-month = 本月
records-last-month = 上月
records-this-quarter = 本季度
records-last-quarter = 上季度
records-this-year = 本年
records-periods = 期间
records-files = 另存为
standing-open = 未解决
standing-open-at-end = 期末未解决
standing-solved = 已解决
standing-filed = 未解决已归档
standing-solved-on = { $day } 解决
standing-filed-on = { $day } 归档
standing-next = 下一步：{ $plan }

## 统计
statistics-title = 季度统计
statistics-quarter = 季度
statistics-previous = 上一季度
statistics-next = 下一季度
statistics-as-of = 截至 { $moment }
statistics-received = 受理
statistics-solved = 已解决
statistics-open-at-end = 期末遗留
statistics-open-now = 目前遗留
statistics-first-time = 一次修复率
statistics-repeats = 重复故障
statistics-handed-over = 24 小时内转交
statistics-response = 响应时间（中位）
statistics-recovery = 恢复时间（中位）
statistics-in-time = 按期恢复率
statistics-promises = 承诺按时兑现
statistics-satisfaction = 签字满意度
statistics-call-satisfaction = 回访满意度
statistics-parts = { $whole } 件中 { $part } 件
statistics-answers = { $count } 份评价
statistics-most = 90% 不超过 { $time }
statistics-before = { $quarter }：{ $value }
statistics-unnamed = 未填写
statistics-by-customers = 按用户
statistics-by-categories = 按问题分类
statistics-by-levels = 按故障等级
statistics-by-engineers = 按工程师
statistics-weeks = 逐周情况
statistics-week = 起始日
statistics-solved-in-week = 当周解决
statistics-chart = 每周两根柱：受理数和解决数。数值见下方表格。
statistics-chart-rows = 受理与解决数量条
statistics-as-table = 表格形式
statistics-complete = 当时手上有工单的人此后都已联网，目前没有已知的缺漏。
statistics-running = 本季度尚未结束；手上有工单的人近期都已联网。
statistics-incomplete = 仍有 { $jobs } 个工单的内容可能在 { $phones } 部此后未联网的手机上；送达后数字会随之更新。
statistics-changed-since = 季度结束后有 { $count } 个工单有过变动。
statistics-carried = 期初带入遗留 { $count } 件，其中 { $closed } 件已在本季度内了结。
statistics-how = 统计口径
statistics-how-explained = 受理：本季度内开立的工单，以下各项均针对这些工单，并按目前状态计算。一次修复：已解决，且没有后续工单或回访表明故障再现。重复故障：因故障再现而开立，或同一用户的同一设备在此前 90 天内已有工单。响应时间：从来电到有人开始处理。恢复时间：从来电到故障排除。尚无法判断的不计入。
statistics-first-time-percent = 一次修复率（%）
statistics-handed-over-percent = 24 小时内转交（%）
statistics-response-hours = 响应时间中位（小时）
statistics-response-most-hours = 响应时间 90% 不超过（小时）
statistics-recovery-hours = 恢复时间中位（小时）
statistics-recovery-most-hours = 恢复时间 90% 不超过（小时）
statistics-in-time-percent = 按期恢复率（%）
statistics-promises-percent = 承诺按时兑现（%）
lasting-minutes = { $number } 分钟
lasting-hours = { $number } 小时
lasting-days = { $number } 天

## 回访
follow-ups-overdue = { $count ->
    [0] 无到期回访
   *[other] 到期 { $count } 个
  }
follow-ups-due = 待回访
follow-ups-none-due = 未来一周内没有需要回访的用户。
follow-ups-by-when = 回访期限
follow-ups-signed = 签字
follow-ups-record = 记录回访 …
follow-ups-fault = 故障情况
follow-ups-made = 近期回访
follow-ups-reopen = 为此新开工单
follow-ups-next-job = 后续工单

## 带到服务台的手机文件
hand-in-title = 导入手机文件
hand-in-explained = 请选择手机在没有网络时存下的文件（文件名以 .docket 结尾）。其中的内容由该手机签名，无论由谁带来，都算在手机主人名下。可以重复导入，任何内容都不会增加两次。
hand-in-file = 手机文件
hand-in-take = 导入
hand-in-another = 导入另一份文件
hand-in-from = 来自 { $name } 的手机，{ $moment } 存下
hand-in-verdict = 收录 { $taken } 条，原已收到 { $known } 条，等待处理 { $waiting } 条，未被接受 { $refused } 条。
hand-in-nothing = 这份文件里没有内容。
hand-in-taken = 收录
hand-in-known = 原已收到
hand-in-waiting = 等待处理
hand-in-refused = 未被接受
hand-in-why = 原因
hand-in-not-yours = 您无权查看的记录
hand-in-bad-signature = 这份文件不是本单位的手机所存，或者被人改动过。没有收录任何内容；手机上仍保留全部内容。
hand-in-too-late = 这部手机停用已久，无法再收录。没有收录任何内容；手机上仍保留全部内容。
hand-in-too-large = 这份文件内容过多，无法一次收录。请由手机自行发送；手机上仍保留全部内容。
hand-in-too-new = 手机应用与本服务器的版本无法互通。没有收录任何内容；手机上仍保留全部内容。

## 备份检查
backups-title = 备份检查
backups-explained = 改动过程序或设置的工单，应在用户档案中有备份。以下为最近十二个月的缺漏。
backups-missing = 没有备份的工单
backups-none-missing = 有改动的工单都有备份。
backups-finished = 完成
backups-enter = 登记备份
backups-tick = 核销 …
backups-tick-really = 无需备份
backups-incomplete = 缺少版本或批准的备份
backups-none-incomplete = 所有备份都有版本并已批准。
backups-unnamed = 未命名的系统
backups-no-version = 无版本
backups-approval = 批准
backups-not-approved = 未批准
backups-ticked = 已核销
backups-ticked-off = 已核销，原因已写入记录。

## 手机
fleet-title = 手机
fleet-count = 共 { $count } 部手机
fleet-silent = { $count } 部三天未联系
fleet-seen = 最近联系
fleet-unsent = 当时未发送
fleet-unsent-in = { $jobs } 个工单 { $changes } 条
fleet-files = 待传照片
fleet-signature = 最早未送达的签字
fleet-clock = 时钟
fleet-clock-right = 准确
fleet-clock-ahead = 快 { $time }
fleet-clock-behind = 慢 { $time }
fleet-room = 剩余空间
fleet-version = 应用版本
fleet-explained = 均为各手机最近一次请求时所报。此后在没有网络时写下的内容这里还不知道，联网后会自动送达。横线表示该手机的应用没有报告此项。
