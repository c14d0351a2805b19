# 手机应用。

## 通用
back = 返回
close = 关闭
cancel = 取消
save = 保存
saved = 已保存
clear = 清空
undo = 撤销
now = 现在
yes = 是
no = 否
you = 您
never = 从未
empty = 未填写
tap-to-fill = 点按填写
remove = 移除
removed = 已移除
copy = 复制
copied = 已复制
export = 导出为文件
show-more = 显示更多
list-comma = 、
and-more = { $first }等，另有 { $count } 项
person-unknown = 未知
untitled = 无标题
call = 呼叫{ $name }
minutes = { $count } 分钟
risky = 危险操作
serial = 编号 { $serial }
serial-scan = 用摄像头读取序列号
serial-scan-look = 请将摄像头对准铭牌上的条码或二维码，保存前请核对读到的内容。
serial-scan-refused = 不允许使用摄像头。请在手机设置中允许，或手动输入序列号。
serial-scan-no-camera = 没有可用的摄像头，请手动输入序列号。
choice-saved = { $field }：{ $value }

## 时间
day-today = 今天
day-tomorrow = 明天
day-yesterday = 昨天
ago-now = 刚刚
ago-minutes = { $count } 分钟前
ago-hours = { $count } 小时前
ago-days = { $count } 天前

## 打开应用
opening = 正在打开您的记录……
waiting-title = Docket 已在另一个窗口打开
waiting-text = 记录由那个窗口使用。请在那里继续，或者关闭它，这里会自动接上。
broken-title = 无法打开您的记录
broken-text = 已保存的内容仍在本机。
broken-again = 重试
broken-detail = 供技术支持使用
version-waits = 新版本已就绪。
version-accept = 立即更新

## 登录
sign-in = 登录
signing-in = 正在登录……
sign-in-subtitle = 现场维护服务记录
sign-in-name = 用户名
sign-in-password = 密码
sign-in-once = 仅首次登录需要网络，之后所有功能都可离线使用。
password-show = 显示
password-hide = 隐藏
other-language = English
sign-in-needed-title = 请登录以发送工作
sign-in-needed-text = 登录已过期。您可以继续工作，但登录之前不会发送。

## 位置
tabs = 导航
tab-jobs = 工单
tab-customers = 用户
tab-me = 我的
choose-job = 请在左侧选择一个工单。
choose-customer = 请在左侧选择一个用户。

## 工单列表
my-jobs = 我的工单
new-job = 新建工单
search-all = 搜索工单、用户、设备……
search-clear = 显示全部
nothing-to-choose = 暂无可选内容。
nothing-found = 本机没有找到。
no-jobs = 这里没有工单。
no-jobs-yet = 首次同步后，您的工单会出现在这里。
no-customer = 未填写用户
found-job = 工单
found-past-job = 以往工单
found-customer = 用户
found-contact = 联系人
found-site = 现场
found-article = 知识库
found-equipment = 设备
stage-filter-open = 未完成
stage-filter-all = 全部
group-today = 今天
group-coming = 即将到来
group-no-time = 未定时间
group-done = 已完成
late = 超期：{ $when }
due = 截止：{ $when }
starts = 开始：{ $when }
damaged = 本机数据损坏
conflicts = { $count } 处冲突
unsent-short = { $count } 条未发
unsent-files = { $count } 个照片和文件未发送
unsent-edits = { $count ->
    [0] 没有未发送的内容
   *[other] { $count } 条内容未发送
}

## 工单
open-dossier = 打开用户档案
two-values = 有两个值，请选择
next-hand-over = 转交工程师
next-keep = 由我负责
next-accept = 接单
next-checklist = 逐项检查
next-plan = 确定维修时间
next-depart = 出发
next-arrive = 已到达现场
next-met = 维护前拜访：见了谁？
next-plan-signed = 请用户确认计划
next-step = 添加步骤
next-report = 填写报告
next-finish-report = 完成报告
next-sign = 请用户签字
next-promises = 查看承诺
next-file = 归档
next-proof = 出示凭证
told-accepted = 已接单
told-departed = 已记录出发时间
told-arrived = 已记录到达时间
told-archived = 已归档
tally-done = 已完成 { $done }/{ $all }
tally-arrived = { $when } 到达
tally-left = { $when } 离开
tally-steps = { $count } 个步骤
tally-parts = { $count } 个备件
tally-signoffs = { $count } 次签字
ticked = 已勾选
opened-again = 已取消勾选
checklist-empty = 此工单没有检查清单。
add-checklist-item = 添加检查项
add-note = 添加备注
add-step = 添加步骤
add-part = 添加备件
add-plan-item = 添加计划内容
field-needed = 请填写“{ $field }”。

## 照片和文件
attachment = 照片或文件
attachments-empty = 还没有照片或文件。
tally-attachments = { $count } 个照片和文件
megabytes = { $count } 兆
gigabytes = { $count } 吉字节
take-photo = 拍照
choose-file = 选择文件
step-photo = 为此步骤拍照
attachment-adding = 正在添加…
attachment-added = 已添加，保存在本机。
attachment-taken = 添加人
attachment-fetch = 从服务器取回（{ $size }）
attachment-fetching = 正在取回…
attachment-save = 另存副本
camera-nothing = 没有拍照，内容没有变化。如果相机没有打开，请在手机设置中允许使用相机，或改为选择文件。
file-nothing = 没有选择文件，内容没有变化。
stamp = 用户印章
stamp-hint = 用户如需盖章，请在签字前拍下印章，签字即包含该照片。
stamp-photo = 拍摄印章
receipt-here = 在本机
receipt-sending = 正在发送 { $percent }%
receipt-received = 已到服务器，校验一致
receipt-seen = 服务台已查看，{ $when }
files-waiting = { $count } 个照片和文件只在本机（{ $size }）
files-going = 正在发送。
files-wait-offline = 有网络后自动发送。
files-wait-records = 在本工单的内容之后发送。
files-wait-network = 按您的设置，等待无线局域网。
files-wait-budget = 本月流量额度已用完。
files-send-now = 仍然立即发送
files-rule = 用移动流量发送照片
files-rule-text = 文字和用户签字总是立即发送。照片和文件较大。
files-rule-always = 总是发送
files-rule-up-to = 每月不超过 { $count } 兆
files-rule-unmetered-only = 仅无线局域网
files-used = 本月 { $size }

## 本阶段要做的事
guide = 本阶段要做的事
done = 已完成
task-hand-over = 转交负责人
task-accept = 接单
task-checklist = 检查清单
task-plan = 维修时间
task-depart = 出发
task-arrive = 到达现场
task-met = 维护前拜访负责人
task-plan-signed = 用户确认计划
task-step = 处理步骤
task-report = 维修服务报告
task-sign = 用户签字
task-promises = 承诺已兑现
task-file = 归档
hand-over-waiting = 转交期限：{ $when }
hand-over-soon = 即将超时，转交期限：{ $when }
hand-over-over = 超时未转交，期限：{ $when }
hand-over-short-soon = 尽快转交
hand-over-short-over = 超时未转交
take-over = 沿用

## 出差前准备
next-prepare = 做出差前准备
next-ask = 提请主管批准
next-approve = 批准准备内容
next-pack = 按清单装箱
next-announce-to = 告知到达时间：告知谁？
next-announce = 已告知用户到达时间
task-prepare = 出差前准备
task-approve = 主管批准
task-pack = 携带物品装箱
task-announce = 告知用户到达时间
told-asked = 已提请主管批准
told-approved = 已批准
told-announced = 已记录告知时间
approval-given = 已批准
approval-waits = 等待批准
packing-empty = 尚未列出携带物品。
add-packing = 添加携带物品
tally-packed = 已装 { $done }/{ $all }
change-of = 修改：{ $name }
known-of-customer = 摘自用户档案
warranty = 保修期
valid-until = 至 { $date }
over-since = 已于 { $date } 到期

## 汇报、远程处理、收尾
next-window = 约定远程时间
next-findings = 填写检查结果
next-plan-items = 制定计划
next-tell = 立即汇报
next-risky = 勾选危险操作
next-confirm = 记录用户确认
next-tell-result = 告知用户方主管
next-follow-up = 记录回访
task-window = 约定时间
task-findings = 先检查，未作改动
task-plan-items = 计划
task-tell = 到期汇报
task-risky = 危险操作
task-confirm = 用户确认
task-tell-result = 告知用户方主管
task-follow-up = 回访
response-waiting = 响应期限：{ $when }
response-soon = 响应即将超时：{ $when }
response-over = 尚未响应，承诺期限：{ $when }
on-site-waiting = 到场期限：{ $when }
on-site-soon = 到场即将超时：{ $when }
on-site-over = 尚未到场，承诺期限：{ $when }
recovery-waiting = 恢复期限：{ $when }
recovery-soon = 恢复即将超时：{ $when }
recovery-over = 尚未恢复，承诺期限：{ $when }
clocks-paused = 计时已暂停。
report-waiting = 下次汇报：{ $when }
report-soon = 即将到汇报时间：{ $when }
report-over = 逾期未汇报，应于 { $when }
follow-up-waiting = 回访时间：{ $when }
follow-up-soon = 回访时间：{ $when }
follow-up-over = 该回访了，应于 { $when }
reports-empty = 尚未汇报。
add-report = 记录汇报
tally-reports = { $count } 次汇报
safety-none = 计划中没有安全注意事项。请先停下来想清楚可能出什么问题。
measures-taken = 已阅读，安全措施已落实。
carried-out = 已执行
plan-and-work = 计划与实施
not-carried-out = 未执行
plan-and-work-times = 计划 { $planned } 分钟；实施 { $steps } 步，{ $worked } 分钟。
follow-ups-empty = 尚未回访。
add-follow-up = 记录回访
tally-follow-ups = { $count } 次回访
open-following = 为此新建工单
told-following = 已新建工单，并注明接续本工单
open-followed = 打开前一工单
filing-lacks = 尚不能归档，还缺：{ $what }

## 软件备份
backups-empty = 尚未登记备份。
backups-need-customer = 备份记入用户档案，请先选择用户。
choose-the-customer = 选择用户
add-backup = 登记备份
newest-good-version = 最新可用版本
not-tested = 未验证
backup-tested = 已验证
approve = 批准
found-backup = 软件备份

## 承诺
promise = 承诺
add-promise = 添加承诺
promises-empty = 没有作出承诺。
promises-hint = 答应对方做什么、何时完成、由谁负责。
promise-due = 期限：{ $when }
promise-kept = { $when } 已兑现
promise-withdrawn = 已撤回
promise-keep = 已兑现
promise-withdraw = 撤回
withdraw-needs-reason = 请写明撤回原因。
told-kept = 承诺已兑现
nobody-named = 未指定负责人
tally-promises = { $count } 项承诺

## 来电
call-who = 来电人
call-problem = 问题
call-handling = 处理安排
call-taker = 由谁负责
taker-office = 由服务台派工
taker-me = 由我负责
taker-later = 稍后决定
symptom-hint = 记录对方原话，每行一个问题。
you-are = { $name }（您）
soon-in-an-hour = 一小时内
soon-this-evening = 今天 18:00
soon-tomorrow-noon = 明天 12:00
soon-in-three-days = 三天内

## 填写字段
draft-kept = 上次输入的内容尚未保存。
draft-discard = 放弃
not-saved-yet = 尚未保存
needed = 必填
report-lacks = 还需填写：{ $fields }

## 冲突
conflicts-title = { $count ->
    [one] 两人同时填写了同一项
   *[other] 两人同时填写了 { $count } 项
}
conflicts-settled-title = 两人同时填写，已按规则取舍
conflict-choose = 选用
conflict-keep = 保留
conflict-counts = 以此为准
conflict-settled = 已确定，两个值都保留在历史记录中。
conflict-both = 两者都留
conflict-third = 另写一个

## 他人改动
overruled-title = 他人改动
overruled-count = 你填写的 { $count } 处已由他人改动
overruled-text = 有人同时填写了同一项，现在以另一个值为准。你填写的值仍保留在记录中。
overruled-mine = 你填写的
overruled-counts = 现在为准
overruled-agree = 同意
overruled-choose = 用我的
overruled-none = 你填写的内容没有被他人改动。
rule-person = 有人看过各个值后选定

## 签字确认
have-it-signed = 请用户签字
sign-title = 签字确认
sign-begin = 开始签字
signatory = 签字人
signs-as-deputy = 代签
choose-outcome = 请选择用户意见。
reservations-needed = 请写明不同意的内容。
refusal-reason = 不同意的原因
statement-accepted = { $purpose ->
    [plan] 本人已阅读维修计划书，同意其内容。
   *[other] 本人已阅读维修服务报告，同意其内容。
}
statement-accepted-with-reservations = { $purpose ->
    [plan] 本人已阅读维修计划书，除所列保留意见外，同意其内容。
   *[other] 本人已阅读维修服务报告，除所列保留意见外，同意其内容。
}
statement-refused = { $purpose ->
    [plan] 本人已阅读维修计划书，因所列原因不同意其内容。
   *[other] 本人已阅读维修服务报告，因所列原因不同意其内容。
}
signature-of = { $name }签名
signature-undo = 撤销
signature-clear = 重写
signature-accept = 确认签名
drawn-signature = 手写签名
signoffs-empty = 尚未签字。
told-amended = 已发起修订。改完后请重新签字。
late-short = 签字外 { $count } 处
signed-on-phone-of = 在{ $name }的手机上签字
signed-at = 签字时间
signoff-valid = 签名有效
signoff-invalid = 签名无效
signoff-invalid-text = 所签内容或签名已被改动，请勿采信此次签字。
signoff-changed-since = 签字后记录有变动
proof-title = 签字凭证
proof-text = 用户可拍下此二维码。它精确对应所签内容，可随时与报告核对。
proof-not-qualified = 手写签名表示同意，不等同于法律规定的可靠电子签名。

## 用户
search-customers = 搜索名称、地址……
reports-to = 上级：{ $name }
warranty-until = 保修期至 { $date }
warranty-over = 保修期已于 { $date } 结束
back-to-list = 返回列表
open-job = 打开工单
open-new-job = 建立工单
no-checklist = 不使用

## 我的
sending = 发送
all-sent = 您填写的内容均已送达。
all-sent-but-files = 文字都已送达，照片和文件随后发送。
unsent-in-jobs = 涉及 { $count } 个工单，最早为 { $since }。送达之前一直保存在本机。
last-sync = 最近一次联络
last-problem = 最近一次尝试
sync-now = 立即收发
syncing = 正在收发……
evacuation = 完全没有网络时
evacuation-text = 未发送的内容可以导出为文件带走，只有服务器能读取，他人无法查看或改动。任何同事的手机都能把它带回，导入多少次都不会重复。照片和文件一并带走。
evacuation-save = 将未发送的内容存为文件
evacuation-take = 接收同事的文件
parcel-saved = 已存为文件，共 { $count } 条内容。本机仍保留这些内容。
parcel-saved-files = 另含 { $count } 个照片和文件。
parcel-files-left = 照片和文件已送交 { $percent }%。
parcel-files-there = 照片和文件也已送达。
parcel-taken = 已接收，下次联网时送交服务器。
parcel-of = { $name }：{ $count } 条内容
parcel-made = 写于 { $when }
parcel-waiting = 等待网络。
parcel-delivered = 服务器已于 { $when } 收到。
parcel-refused = 其中 { $count } 条未被接受，会告知填写人。
this-phone = 本机
clock-wrong = 本机时间不对
clock-ahead = 比服务台时间快 { $by }。请在手机设置中校正。记录不会丢失：服务台会在手机时间旁另记自己的时间。
clock-behind = 比服务台时间慢 { $by }。请在手机设置中校正。记录不会丢失：服务台会在手机时间旁另记自己的时间。
unsent-signature = 用户签字
unsent-signature-since = 自{ $since }起仅存于本机
room = 空间
room-left = 已用 { $used }，剩余 { $free }
ready = 可在无信号处工作
not-ready = 尚不能在无信号处工作
ready-record = 工单及全部内容
ready-dossier = 用户档案
ready-catalog = 检查表与人员
ready-app = 应用本身
ready-here = 已在本机
ready-missing = 尚缺
article-withdrawn = 服务台已撤回此文章。
ready-storage = 浏览器承诺保留数据
storage = 存储
storage-asking = 正在询问浏览器……
storage-granted = 退出登录之前，浏览器会一直保留您的记录。
storage-refused = 浏览器没有承诺在存储不足时保留记录。请将 Docket 添加到主屏幕，并经常发送。
app-offline = 无网络时
app-offline-ready = 应用已存入本机，无网络也能打开。
app-offline-not-yet = 应用尚未存入本机，无网络时还不能打开。
home-screen = 主屏幕
home-screen-offer = 打开更快，记录更安全。
home-screen-how = 请在浏览器菜单中选择“添加到主屏幕”。
home-screen-add = 添加到主屏幕
language = 语言
theme = 外观
theme-light = 浅色
theme-dark = 深色
as-phone = 跟随手机
sign-out = 退出登录
sign-out-text = 本机上的记录将被清除，这些记录在服务器上都有。
sign-out-blocked-files = 还有 { $count } 个照片和文件没有送达。现在退出会丢失它们，因此不能退出。请到有网络的地方点“立即收发”。
sign-out-blocked = 还有 { $count } 条内容没有送达。现在退出会丢失它们，因此不能退出。请到有网络的地方点“立即收发”。

withdrawn-all-in = 已没有待上交的内容，由服务台决定是否采用。您可以退出登录。
has-left = 已不归您

## 等待服务台处理
held-title = 等待服务台处理
held-count = { $count } 条内容等待服务台处理
record-long = 这条记录已经很长，后续工作请另开工单。
record-full = 这条记录已满。仍可填写、签字和结束；新增条目和长文字请写入后续工单。
held-in-job = 这里有 { $count } 条内容等待服务台处理
held-text = 这些内容已送达服务台，尚待决定。您无需操作，文字会一直保留到那时。
held-none = 没有等待处理的内容。
held-gone = 该工单已不在本机。

## 未被接受
office-says = 服务台说明：
reason = 理由
signoff-as-signed = 保持用户签字时的内容
refused-again = 重新填写
refused-made-again = 已重新写入，将作为新内容发送。
refused-export-all = 全部导出为文件
refused-title = 未被接受
refused-count = { $count } 条内容未被接受
refused-text = 以下内容未被接受。您写的文字会一直保留在这里，直到您放弃。
refused-none = 所有内容均已被接受。
refused-other = 原因代码：{ $code }。
refused-forget = 放弃
refused-forget-title = 放弃这条内容？
refused-forget-text = 放弃后，这些文字将从本机消失。如果以后可能用到，请先导出或复制。

give-job = 现场移交
give-text = 由身边的同事接手此工单，无需网络。对方成为协助人员，本机保留全部内容。
give-to = 由谁接手？
give-nobody = 本单位没有其他工程师。
give-ready = 移交给 { $name }
give-edits = { $count ->
    [0] 其中的内容服务器都已收到。
   *[other] 其中 { $count } 条内容服务器尚未收到。
}
give-file = 以文件转交
give-how = 在对方手机上点“我的”，再点“接手工单”。无论谁先联网，内容都会全部送达，且只有一份。
give-other = 移交给其他人
take-job = 接手工单
take-text = 身边的同事把工单移交给你，无需网络。全部内容立即到达本机，可直接继续工作。
take-file = 选择文件
take-done = 工单已在本机，下次联网时全部送交服务器。
taken-from = 来自 { $name } 的手机，服务器尚未收到。
give-codes = 显示二维码
give-codes-how = 用对方手机的摄像头对准二维码，直到全部读完。
frames-shown = 第 { $place } 个，共 { $count } 个
take-scan = 扫描二维码
scan-camera = 摄像头画面
scan-progress = 已读取的二维码
scan-look = 请将摄像头对准对方手机上的二维码。
scan-read = 已读取 { $read } / { $count }
scan-refused = 不允许使用摄像头。请在手机设置中允许，或请对方以文件转交。
scan-no-camera = 没有可用的摄像头，请对方以文件转交。

## 锁定
locked = 本机已锁定
locked-text = 记录加密保存在本机。请输入解锁码。
locked-wait = 解锁码错误次数过多，请于 { $until } 再试；数据不会丢失。
locked-office = 有信号时，可用账号和密码打开。所有记录都会保留，解锁码将被取消。
locked-no-office = 设置此解锁码后还未连接过服务台，只能用解锁码打开。数据不会丢失。
unlock = 解锁
pin = 解锁码
pin-again = 再输一次
pin-lock = 锁定本机
pin-on = 已开启
pin-off = 未开启
pin-text = 打开应用时，以及离开五分钟后锁定记录。忘记解锁码时，有信号即可用账号和密码打开。
pin-no-office = 服务台暂时还不能打开本机，需先连接一次。在此之前请勿忘记解锁码。
pin-choose = 用此解锁码锁定
pin-remove = 取消解锁码
pin-chosen = 今后用解锁码锁定
pin-removed = 已取消解锁码
pin-short = 至少 { $count } 位数字。
pin-differs = 两次输入不一致。
pin-forgotten = 忘记解锁码
pin-after-all = 还是输入解锁码
