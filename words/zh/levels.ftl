# 管理台：服务级别、时限与通知。

levels-title = 服务级别
levels-explained = 本单位按故障等级承诺的时限，以及计时的服务时间。合同可另行约定，请在用户档案中填写。时限变更时注明起始时间，此前受理的问题仍按受理时的承诺计算。
levels-contracts = 另有约定的合同
levels-no-contracts = 没有合同另行约定。
section-levels-default = 合同未约定时的承诺
section-service-default = 服务时间
section-levels = 服务级别
section-service = 服务时间与巡检
section-holidays = 节假日与调休
every-days = 每 { $days } 天

field-levels-level = 故障等级
field-levels-response-minutes = 响应（分钟）
field-levels-on-site-minutes = 到场（分钟）
field-levels-recovery-minutes = 恢复（分钟）
field-levels-since = 适用于此后受理的问题
field-levels-removed = 服务级别已移除
field-service-hours = 服务时间
field-service-days = 工作日
field-service-opens = 开始
field-service-closes = 结束
field-service-zone = 时区
field-service-inspection-days = 巡检间隔（天）
field-holidays-name = 名称
field-holidays-from = 第一天
field-holidays-until = 最后一天
field-holidays-worked = 调休上班
field-holidays-removed = 节假日已移除
hours-always = 7x24
hours-working = 工作时间
days-mon-fri = 周一至周五
days-mon-sat = 周一至周六
days-every-day = 每天

## 工单与看板
section-clocks = 时限
clock = 时限
clocks-none = 该等级没有承诺时限。
clock-due = 截止
clock-met = 达成
clock-learned = 服务台于 { $moment } 获知
clock-last-heard = 手机最近联系：{ $moment }
clock-state-running = 时间充裕
clock-state-soon = 即将到期
clock-state-paused = 已暂停
clock-state-kept = 按时
clock-state-kept-learned-late = 按时，事后获知
clock-state-unknown = 尚不确定
clock-state-missed = 超时
any-clock = 全部时限
clock-filter-over = 超时或不确定
clock-filter-soon = 即将到期
clock-filter-paused = 已暂停
terms-contract = 按合同
terms-default = 本单位默认
pause-clocks = 暂停
pause-reason = 暂停计时的原因
resume-clocks = 恢复计时
paused-since = 已暂停：{ $moment } 起
notice-paused = 计时已暂停。
notice-resumed = 计时已恢复。
told-count = 本工单已发出 { $count } 条通知

## 通知
held-title = 待决定的工作
notices-title = 通知
notices-explained = 超时后通知了谁：超时即通知经理，再过同样长的时间通知总裁；特别严重的故障同时通知两者。每项只通知一次。
notices-none = 没有需要通知的事项。
notices-seen = { $count ->
   *[other] 全部 { $count } 条已阅
  }
notice-told = 通知时间
notice-what = 事项
notice-job = 工单
notice-who = 接收人
notice-way = 方式
notice-arrival = 送达
notice-new = 新
way-console = 管理台
way-mail = 邮件
way-webhook = Webhook
notice-seen = { $moment } 已阅
notice-unseen = 未阅
notice-taken = { $moment } 已送达
notice-waits = 等待发送
notice-again = { $moment } 重试
notice-given-up = 已放弃
notice-missed-hand-over = 问题无人接手。转交期限：{ $moment }。
notice-missed-response = 尚无人处理。承诺响应期限：{ $moment }。
notice-missed-on-site = 尚无人到场。承诺到场期限：{ $moment }。
notice-missed-recovery = 故障尚未排除。承诺恢复期限：{ $moment }。
notice-certain = 情况确定：没有手机可能留有其他记录。
notice-uncertain = 此后尚未收到工程师手机的消息，手机上可能另有记录。
notice-subject = 超时：{ $clock } · { $number }
notice-foot = { $organisation } 向您（{ $role }）发出本通知。通知记录见管理台中的工单。

## 联系方式
people-reach = 联系方式
people-mail = 接收通知的邮箱
people-language = 通知语言
people-change-contact = 通知 …
people-contact-explained = 除管理台外，经理和总裁还会在此邮箱收到超时通知。
audit-contact-changed = 发给 { $name } 的通知改为发往：{ $detail }

## 值班
duty-title = 值班
duty-explained = 何时由谁值班。手机在没有网络时也能查看。
duty-nobody = 现在无人值班。
section-duty = 值班安排
field-duty-person = 值班人
field-duty-from = 开始
field-duty-until = 结束
field-duty-note = 备注
field-duty-removed = 值班已移除
