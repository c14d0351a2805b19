# 产品的名词：阶段、等级、角色、字段、回执、错误。
# 字段按路径命名：intake/due_at -> field-intake-due-at，steps/*/text -> field-steps-text。
# 选项按路径最后一段命名：intake/level = critical -> level-critical。

product = Docket
language-name = 中文

## 记录的名称
job = 工单
jobs = 工单
dossier = 用户档案
dossiers = 用户
catalog = 目录
signoff = 签字确认
signoffs = 签字确认
amendment = 修订
service-report = 维修服务报告
maintenance-plan = 维修计划书
step = 步骤
part = 备件
conflict = 冲突
change = 变更
device = 设备

## 工单的阶段
stage = 阶段
stage-received = 已受理
stage-assigned = 已派工
stage-preparing = 准备中
stage-planned = 已计划
stage-on-site = 现场处理
stage-reported = 已报告
stage-signed = 已签字
stage-archived = 已归档

## 角色
role-engineer = 工程师
role-desk = 用户服务人员
role-manager = 用户服务经理
role-executive = 总裁
role-administrator = 系统管理员

## 选项
level-minor = 轻微
level-normal = 一般
level-major = 严重
level-critical = 特别严重
priority-low = 低
priority-normal = 普通
priority-high = 高
priority-urgent = 紧急
mode-phone = 电话处理
mode-remote = 远程处理
mode-on-site = 现场处理
action-fitted = 装上
action-removed = 拆下
outcome-solved = 已解决
outcome-partly-solved = 部分解决
outcome-unsolved = 未解决

## 签字确认
purpose-plan = 维修计划书
purpose-report = 维修服务报告
signoff-accepted = 同意
signoff-accepted-with-reservations = 有保留地同意
signoff-refused = 不同意
satisfaction-1 = 很不满意
satisfaction-2 = 不满意
satisfaction-3 = 一般
satisfaction-4 = 满意
satisfaction-5 = 很满意
signed-value = 签字时
later-value = 另行填写
signoff-amended = 已修订
signoff-other-version = 与{ $name }签字的版本不一致
this-version = 本版本
that-version = 另一版本
late-count = 签字之外另有 { $count } 处改动
late-explained = 填写人当时不知道已经签字。内容保留，但不在签字范围内。
amend = 发起修订
amend-reason = 修订原因
amend-explained = 已签字的版本和证明保持不变。修订后可以修改报告，改完须重新签字。

## 记录送到了哪里
sync-on-this-phone = 在本机
sync-sent = 已发送
sync-merged = 已合并
sync-held = 等待处理
sync-refused = 未被接受

## 内容为什么等待处理
held-no-longer-assigned = 工单当时已转交他人，没有网络时无从得知。
held-role-changed = 角色当时已变更，没有网络时无从得知。
held-depends-on-held = 它依据的内容正在等待处理。
held-device-revoked = 手机已被停用，其中的内容已上交。
held-person-left = 账号已关闭，其中的内容已上交。
held-version-too-old = 应用版本过旧，无法同步，其中的内容已上交。
held-handed-back-unproved = 服务器恢复后由手机交回，无法证明服务器曾经收到。
held-handed-back-forked = 服务器恢复后由手机交回，其位置已被另一条内容占用。

## 同时填写时的取舍规则
rule-register = 两个值都保留，先显示其中一个，等人选定
rule-text = 两人的文字都保留
rule-entry = 只写一次
rule-tick = 已完成优先于未完成
rule-worst = 以更严重的为准
conflicts-remembered = 已由人裁定
value-settled = 已选定

## 工单的各部分
section-intake = 问题受理
section-assignment = 派工
section-checklist = 检查清单
section-plan = 维修计划书
section-visit = 现场拜访
section-steps = 维修实施
section-parts = 备件
section-report = 维修服务报告
section-signoffs = 签字确认
section-conflicts = 冲突
section-history = 历史记录
section-amendments = 修订记录
section-archive = 归档
section-sites = 现场
section-contacts = 联系人
section-equipment = 设备
section-people = 同事

## 工单字段
field-intake-opened-at = 受理时间
field-intake-opened-by = 受理人
field-intake-source = 来源
field-intake-dossier = 用户档案
field-intake-title = 标题
field-intake-customer = 用户
field-intake-site = 现场
field-intake-equipment = 设备
field-intake-caller = 来电人
field-intake-department = 部门
field-intake-phone = 电话
field-intake-symptom = 问题描述（用户原话）
field-intake-demand = 用户要求
field-intake-category = 问题分类
field-intake-level = 故障等级
field-intake-priority = 优先级
field-intake-mode = 处理方式
field-intake-due-at = 期限
field-assignment-lead = 负责工程师
field-assignment-assigned-at = 派工时间
field-assignment-accepted-at = 接单时间
field-assignment-helpers = 协助人员
field-checklist-position = 顺序
field-checklist-text = 检查项
field-checklist-done = 已完成
field-checklist-done-at = 完成时间
field-checklist-done-by = 完成人
field-checklist-note = 备注
field-checklist-removed = 已从清单移除
field-plan-start-at = 计划开始
field-plan-end-at = 计划结束
field-plan-safety = 安全注意事项
field-plan-items-position = 顺序
field-plan-items-text = 计划内容
field-plan-items-minutes = 分钟
field-plan-items-risky = 危险操作
field-plan-items-removed = 已从计划移除
field-visit-departed-at = 出发时间
field-visit-arrived-at = 到达时间
field-visit-met = 维护前拜访对象
field-visit-left-at = 离开时间
field-steps-at = 时间
field-steps-by = 处理人
field-steps-text = 处理内容
field-steps-minutes = 分钟
field-steps-risky = 危险操作
field-steps-removed = 已移除
field-parts-at = 时间
field-parts-by = 处理人
field-parts-name = 备件名称
field-parts-model = 型号
field-parts-serial = 序列号
field-parts-quantity = 数量
field-parts-action = 装上或拆下
field-parts-removed = 已移除
field-report-symptom = 故障现象
field-report-cause = 故障原因
field-report-treatment = 处理过程
field-report-modifications = 具体修改内容
field-report-advice = 给用户的建议
field-report-outcome = 处理结果
field-report-open-reason = 未解决原因
field-report-next-plan = 下一步计划
field-report-solved-at = 解决时间
field-report-finished-at = 报告完成时间
field-amendments-at = 修订时间
field-amendments-by = 修订人
field-amendments-reason = 修订原因
field-amendments-signoffs = 所修订的签字
field-archive-archived-at = 归档时间

## 用户档案字段
field-name = 名称
field-address = 地址
field-contract = 合同
field-notes = 备注
field-sites-name = 现场名称
field-sites-address = 地址
field-contacts-name = 姓名
field-contacts-title = 职务
field-contacts-phone = 电话
field-contacts-reports-to = 上级
field-equipment-name = 设备名称
field-equipment-model = 型号
field-equipment-serial = 序列号
field-equipment-site = 所在现场
field-equipment-warranty-until = 保修期至

## 目录字段
field-organisation = 单位
field-people-name = 姓名
field-people-role = 角色
field-people-phone = 电话
field-categories-name = 问题分类
field-checklists-name = 检查清单
field-checklists-items = 检查项（每行一项）

## 签字确认字段
field-signoff-purpose = 签字内容
field-signoff-outcome = 用户意见
field-signoff-reservations = 保留意见
field-signoff-name = 姓名
field-signoff-title = 职务
field-signoff-deputy-reason = 代签原因
field-signoff-satisfaction = 满意度
field-signoff-remarks = 用户留言
field-signoff-digest = 内容摘要

## 错误：发生了什么、保留了什么、该怎么办
error-unknown-field = 当前版本不认识这个字段，未作任何修改。
error-no-such-field = 这一条已不在记录中，未作任何修改。
error-not-allowed = 您的角色不能修改此项，未作任何修改。
error-locked-by-signoff = 用户已签字确认，没有任何改动。需要修改时请先发起修订，再重新签字。
error-bad-value = 此处不能填写这个值。您输入的内容已保留，请改正后再保存。
error-written-once = 此项只写一次，不能修改。
error-too-many = 列表已满，未能添加。
error-already-there = 这一条已在记录中。
error-bad-signoff = 签字数据不完整，未签成，请重新签字。
error-bad-amendment = 修订需要写明理由，并且只能针对仍然有效的签字。没有任何改动。
error-record-damaged = 这条记录在本机上已损坏。您写的内容仍保存着；下次联网时，办公室会重新发来完整的记录。
error-not-found = 本机没有这条记录，或您已无权查看。
error-malformed = 无法识别这一操作，未作任何修改。
error-not-signed-in = 本机尚未登录。
error-wrong-password = 用户名或密码不正确。
error-sign-in-needed = 登录已过期。您的工作已保留，请重新登录后发送。
error-sign-out-first = 本机已由他人登录，请先由本人退出登录。
error-token-expired = 登录已过期。您的工作已保留，请重新登录后发送。
error-token-invalid = 登录已失效。您的工作已保留，请重新登录后发送。
error-unknown-device = 服务器不认识这台手机。您的工作已保留，请重新登录后发送。
error-device-revoked = 这台手机已被停用。尚未发送的内容会自动上交，之后即可退出登录。
error-account-closed = 您的账号已关闭。尚未发送的内容会自动上交，之后即可退出登录。
error-hand-in-too-late = 已超过自动上交的期限。内容仍保存在本机，请联系主管。
error-hand-in-not-needed = 本机可以重新发送。
error-bad-note = 请写明理由，不超过一千字。尚未作出决定。
error-set-aside = 服务台决定不采用这条内容。
error-needs-missing = 这条内容所依据的内容尚未送达服务器。
error-place-taken = 同一台手机的另一条内容占用了它的位置。
error-depends-on-held = 它依据的内容仍在等待处理。
error-unsent-work = 还有工作没有发送，须先送达服务器。
error-refused-work = 还有未被接受的内容，请先在“未被接受”中处理。
error-offline = 没有网络。所有内容都保存在本机，恢复后自动发送。
error-server-unavailable = 服务器没有响应。所有内容都已保留，稍后自动发送。
error-too-many-requests = 尝试次数过多，请稍等一分钟再试。
error-too-large = 内容太大，无法发送，仍保存在本机。
error-not-our-server = 当前网络代替服务器作了应答（酒店或访客网络常见）。请先打开网页登录该网络。
error-answer-damaged = 应答在途中损坏。没有内容丢失，将重新获取。
error-server-too-old = 服务器版本比应用旧。您的内容保存在手机上，服务器更新后会自动发送。
error-version-too-old = 当前版本过旧，无法继续使用。尚未发送的内容会自动上交，请更新。
error-changed-while-signing = 签字期间记录有变动，未签成。请重新阅读后再签。
error-bad-drawing = 无法保存手写签名，请重新签字。
error-signatory-missing = 请填写签字人姓名。
error-depends-on-refused = 它基于一项未被接受的内容。
error-signed-version-changed = 所签版本与服务器上的不一致。
error-not-a-change = 服务器无法读取这一内容。
error-change-damaged = 这一内容在途中损坏。
error-change-checksum = 这一内容在途中损坏。
error-change-actor = 这一内容不是由本机写入的。
error-change-too-large = 这一内容太大。
error-change-too-many = 一次的变更太多。
error-change-unreadable = 此条目本身没有问题，但服务器无法显示它。内容没有丢失，请告知管理员。
error-change-parents = 此条目没有正确说明它基于什么版本。
error-change-message = 此条目带有不应存在的附加内容。
error-change-time = 此条目的时间不是日历上的时间。
error-unknown-object = 它写入了不存在的内容。
error-key-mismatch = 它的写入方式与内容不符。
error-unknown-predecessor = 它替换的不是原来的内容。
error-record-full = 此记录已满。字段、勾选和签字仍可填写；新增条目和长文字请写入后续工单。
error-storage-full = 手机存储已满。已有内容没有丢失，但这次没有保存。请腾出空间后再保存。
error-storage-failed = 手机存储没有响应，这次没有保存，请重试。
error-storage-busy = 另一个窗口仍占用记录，请关闭后重试。
error-storage-unsupported = 此浏览器无法在手机上保存记录。请使用最新的 Chrome、Edge、Safari 或 Firefox，并且不要用无痕窗口。
error-store-too-new = 本机记录由更新版本的应用写入，请更新应用。
error-sqlite-too-old = 此应用版本有缺陷，请告知管理员。
error-unknown-record = 服务器上没有属于您的这条记录。您写的内容保留在“未被接受”中。
error-no-longer-assigned = 该工单已不归您负责，您写的内容由服务台决定是否采用。
error-foreign-actor = 这一内容不是由本机写入的。
error-actor-seq-gap = 缺少这一内容之前的内容。
error-start-op = 这一内容的编号不对。
error-change-empty = 这一内容是空的。
error-change-unsound = 加入这一内容后记录将无法读取。
error-not-a-beginning = 记录不能这样开始。
error-no-delete = 记录中的内容不能删除，只能标记为移除。
error-foreign-operation = 这一内容包含记录不支持的操作。
error-signoff-not-alone = 签字必须单独写入，请重新签字。
error-wrong-content-type = 此处不接受这种类型的内容。
error-bad-signature = 手机的签名不符。您的工作已保留，请重新登录后再发送。
error-server-failed = 服务器出错。没有任何修改，也没有丢失内容。
