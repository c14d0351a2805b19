# 控制台与核验页面：办公室看到的文字。

## 每个页面的框架
skip-to-content = 跳到正文
navigation = 页面
pages-beside = 本栏目的页面
search-jobs = 搜索工单
nav-board = 工单
nav-held = 待处理
nav-dossiers = 用户档案
nav-people = 人员
nav-verify = 核验签字
sign-in = 登录
sign-out = 退出登录
save = 保存
cancel = 取消
edit = 编辑
add = 添加
filter = 筛选
yes = 是
no = 否
empty = 空
nothing-yet = 暂无
attachment-pending = 尚未从手机收到
attachment-received = { $when } 收到，校验一致
attachment-open = 保存文件
somebody = 已离开的人员
at-the-desk = 服务台
you = 本人
print = 打印
times-shown-in = 时间按 { $zone } 显示

## 时间
day-today = 今天
day-tomorrow = 明天
day-yesterday = 昨天
day-this-year = { $month }{ $day }日 { $weekday }
day-other-year = { $year }年{ $month }{ $day }日
weekday-1 = 周一
weekday-2 = 周二
weekday-3 = 周三
weekday-4 = 周四
weekday-5 = 周五
weekday-6 = 周六
weekday-7 = 周日
month-1 = 1月
month-2 = 2月
month-3 = 3月
month-4 = 4月
month-5 = 5月
month-6 = 6月
month-7 = 7月
month-8 = 8月
month-9 = 9月
month-10 = 10月
month-11 = 11月
month-12 = 12月
device-time = 手机时间
server-time = 送达时间

## 登录
sign-in-title = 登录控制台
sign-in-login = 账号
sign-in-password = 密码
sign-in-phone = 工程师请使用手机应用：
sign-in-phone-link = 在这里打开
sign-in-verify = 没有账号，想核验一份签字证明？
signed-out = 您已退出登录。
sign-in-expired = 登录已过期，请重新登录；没有丢失任何内容。

## 看板
board-title = 工单
board-count = 共 { $count } 张
board-empty = 没有符合条件的工单。
board-cut = 包含这些词的工单多于 { $count } 张，这里显示其中最新的；可再加一个词缩小范围。
board-count-more = 多于 { $count } 张
board-all-of-stage = 显示全部 { $count } 张
board-next = 下 { $count } 张
board-first = 回到最紧急的工单
live-on = 实时
live-lost = 与服务器的连接已断开，正在重试
new-job = 新建工单
all-open = 全部未结
any-level = 全部等级
any-engineer = 全部工程师
filter-clear = 清除
changed-last = 最近变更
flags = 冲突与签字
nobody-yet = 尚未派工
overdue = 已逾期
conflicts-open = { $count } 处冲突等待处理

## 工单
two-values = 两人在此填写了不同的内容
content-locked = 已签字，内容锁定
conflicts-explained = 两人同时填写了以下字段。每个值都已保留，请选定以哪个为准。
conflicts-settled = 已按规则取舍
conflict-locked = 用户已就此项签字。修订报告后可以裁定；在此之前各个值都保留。
value = 值
value-shown-now = 当前显示
value-now = 现在
use-this-value = 采用此值
value-shown-then = 此前显示
write-a-third = 改写为此值
assign = 派工
choose-engineer = 选择工程师
choose-helper = 选择协助人员
helper-switch = 加入或撤回
helps-now = 正在协助
archive-job = 归档
unarchive = 取消归档
removed = 已移除
notice-saved = 已保存。
notice-unchanged = 没有改动。
notice-assigned = 已派给{ $name }。
notice-created = 工单已建立。
notice-chosen = 已选定。其他的值保留在历史记录中。
notice-archived = 已归档。
notice-approved = 已批准。
filing-lacks-here = 尚不能归档，还缺：
report-missed = 逾期未汇报
follow-up-due = 待回访
newest-good = 最新可用版本
approve-backup = 批准
approval-waits-here = 工程师提请批准出差前准备。
approve-preparation = 批准准备内容
notice-amended = 已发起修订。签字版本保留不变；改完后请重新签字。
notice-unarchived = 已取消归档。
notice-helper = 协助人员已更新。

## 工单历史
history-opened = 建立工单
history-opened-record = 建立记录
history-set = { $field }：{ $value }
history-emptied = { $field }：已清空
history-wrote = { $field }：“{ $text }”
history-rewrote = { $field }：修改了文字
history-added = 添加{ $what }
history-added-text = 添加{ $what }：{ $text }
history-assigned = 派工给{ $name }
history-helper-on = 加入协助：{ $name }
history-helper-off = 撤回协助：{ $name }
history-ticked = 已完成：{ $text }
history-unticked = 重新打开：{ $text }
history-signed = { $purpose }：{ $name }签字
history-amended = 修订：{ $reason }
history-nothing = 没有内容的变更

## 签字确认
signoff-none = 尚未签字
signoff-valid = 有效
signoff-invalid = 无效
signoff-proof = 证明
signoff-changed-beside = 签字版本之外的改动
signoff-changed-since = 修订后的改动
signed-version = 签字版本
back-to-job = 返回工单
late-before = 先于签字到达
late-after = 晚于签字到达
drawn-signature = 手写签名
proof-download = 下载证明
proof-signed-at = 签字时间（手机）
proof-received-at = 送达时间（服务器）
proof-engineer = 签字所用手机的持有人
proof-device = 手机
proof-device-key = 手机密钥
proof-version = 签字的版本
proof-seq = 日志序号
proof-chain = 链式摘要
proof-countersigned = 副署的服务器密钥

## 新建工单
new-job-customer = 用户
new-job-customer-type = 输入名称的一部分
new-job-customer-which = 是哪一个？
new-job-customer-more = 还有更多；请多输入几个字
new-job-customer-other = 没有这个名称的用户；该名称已填入下方表单。
new-job-continue = 继续
new-job-problem = 问题
new-job-who = 用户与来电人
new-job-how = 紧急程度与处理方式
new-job-give = 派给
new-job-later = 暂不派工
new-job-checklist = 检查清单
new-job-no-checklist = 不用检查清单
new-job-open = 建立工单
open-jobs-count = { $count ->
    [0] 没有未结工单
   *[other] { $count } 张未结工单
  }

## 用户档案
dossiers-count = 共 { $count } 个用户
dossier-about = 用户
dossier-new = 新建用户档案
dossier-new-name = 用户名称
dossier-jobs = 工单
dossier-no-jobs = 还没有工单
dossier-promises = 未兑现的承诺
dossier-sites = 现场
dossier-equipment = 设备
dossier-contacts = 联系人
dossiers-search = 搜索用户
dossiers-none-found = 没有这个名称的用户。
dossiers-next = 后 { $count } 个
dossiers-before = 前 { $count } 个

## 资产：所有用户的设备
assets-title = 资产
assets-count = { $count } 台设备
assets-all-kinds = 全部类别
assets-no-kind = 未分类
assets-unnamed = 未命名
assets-search = 序列号、型号或名称
assets-any-site = 全部现场
assets-any-kind = 全部类别
assets-any-warranty = 保修不限
assets-none-found = 没有符合条件的设备。
assets-next = 后 { $count } 台
assets-first = 回到开头
warranty-filter-soon = 90 天内到期
warranty-filter-over = 已过保
warranty-filter-running = 在保
warranty-ended = 已过保
warranty-soon = 即将到期
asset-history = 这台设备的履历
asset-import-title = 导入设备
asset-import-explained = 使用与上方导出文件相同的列，格式为逗号分隔文本或电子表格。先显示将新增和修改的内容，经您确认后才写入。设备按用户加序列号识别，没有序列号的按名称识别。空单元格不改动任何内容。
asset-import-file = 表格
asset-import-check = 先看会有哪些改动
asset-import-read = 按 { $format } 读取
asset-import-would = 新增 { $added } 台，修改 { $changed } 台，{ $faults } 行无法使用。
asset-import-same = { $count ->
    [0] {""}
   *[other] { $count } 行与现有内容一致。
  }
asset-import-nothing = 没有需要改动的内容。
asset-import-do = 确认导入
asset-import-done = 已新增 { $added } 台，修改 { $changed } 台。
asset-import-changed = 用户档案在此期间有改动，尚未导入任何内容；请重新查看后确认。
asset-import-faults = 无法使用的行
asset-import-column = 列
asset-import-changes = 修改
asset-import-differences = 改动内容
asset-import-additions = 新增设备
asset-import-another = 导入其他表格
asset-import-cut = 仅显示前 { $count } 行。
asset-file-empty = 文件是空的。
asset-file-no-headings = 首行须写明列名，至少包括用户和设备名称。
asset-file-no-table = 这个文件不是可读取的表格，或已损坏。请重新另存为逗号分隔文本或电子表格。
asset-file-too-large = 文件过大：最多 4 兆字节、20000 行。请拆分后分次导入。
asset-too-long = 超过 { $count } 个字；请缩短。
asset-customer-missing = 没有写明是哪个用户的设备；请填写用户名称。
asset-customer-unknown = 没有名为“{ $text }”的用户；请更正名称，或先新建该用户。
asset-customer-twice = 有多个用户名为“{ $text }”；请先为他们取不同的名称。
asset-name-missing = 没有设备名称；请填写。
asset-rounded = 电子表格把这个数字缩写成了“{ $text }”；请将该列设为文本后重新填写。
asset-again = 第 { $line } 行已有同一台设备；请只保留一行。
asset-ambiguous = 该用户有不止一台“{ $text }”；请先在用户档案中理清。

## 人员
people-count = 共 { $count } 人
people-login = 账号
people-devices = 手机与浏览器
people-open-jobs = 未结工单
people-last-seen = 最近在线 { $moment }
people-revoked = 已撤销
people-inactive = 账号已停用
people-no-device = 还没有手机

people-done = 已完成。
people-revoke-device = 停用 …
people-revoke-explained = 该手机下次联网即被拒绝。其中尚未发送的内容仍可上交，并列入“待处理”。
people-revoke-really = 停用 { $name }
people-restore-device = 恢复使用
people-close = 关闭账号 …
people-close-explained = 该人员的所有手机和控制台下次联网即被拒绝。尚未发送的内容仍可上交，并列入“待处理”。
people-close-really = 关闭 { $name } 的账号
people-reopen = 重新开通账号
people-change-role = 更改 …
people-role-explained = 手机得知变更之前所写的内容会列入“待处理”。
people-one-time = 一次性密码
people-sign-out = 在此退出
people-give-password = 忘记密码 …
people-give-password-explained = 将只向您显示一次的一次性密码。该人员的所有控制台和手机都会退出登录；手机中的内容不会丢失。下次登录控制台时须自行设置新密码。
people-give-password-really = 为 { $name } 设置一次性密码
people-login-taken = 该登录账号已存在，未开通任何账号。
people-bad-name = 姓名和登录账号为 1 至 100 个字，未开通任何账号。
people-shared = 一个账号，多人使用？
people-shared-explained = 一个账号只供一个人使用。请询问本人，停用不该使用的手机，或让该浏览器退出并更改密码。其中之一停用后，此提示即消失。
people-shared-phones = { $name }：一部手机正在使用时，又在另一部未曾见过的手机上使用（{ $moment }）：{ $one }、{ $other }。
people-shared-browsers = { $name }：一个浏览器正在使用时，又在另一个未曾见过的浏览器中使用（{ $moment }）：{ $one }、{ $other }。
account-open = 开通账号
account-open-explained = 一人一账号。密码只向您显示一次，本人首次登录控制台时须自行设置新密码。
one-time-title = 一次性密码
one-time-explained = 请当面告知 { $name } 以下两项，它们只在此时显示。首次登录控制台时，{ $name } 须自行设置新密码。
one-time-until = 有效期至
one-time-back = 返回人员
browser-chrome = 谷歌浏览器
browser-edge = 微软浏览器
browser-firefox = 火狐浏览器
browser-safari = 苹果浏览器
browser-other = 其他浏览器

## 本人密码
password-title = 更改密码
password-explained = 您在其他控制台和手机上的登录会立即失效。手机中的内容不会丢失：全部保留，重新登录后自动发送。
password-one-time = 您的密码是一次性的，请先设置自己的密码。
password-given = 收到的一次性密码
password-old = 当前密码
password-new = 新密码
password-again = 再次输入新密码
password-rule = 至少 { $count } 个字符。最好是只有您自己会想到的一句话，不要求数字和符号。
password-change = 更改密码
password-done = 密码已更改。
password-ended = { $count ->
    [0] 没有其他登录。
   *[other] 其他 { $count } 处登录已失效。
  }
password-not-twice = 两次输入的新密码不一致，未作更改。
password-same = 新密码与当前密码相同，未作更改。
password-short = 新密码至少 { $count } 个字符，且不能与登录账号相同，未作更改。
password-old-wrong = 当前密码不正确，未作更改。

## 审计日志
audit-title = 审计日志
audit-explained = 记录登录、账号、手机、密码、设置以及保存为文件的数据。工单的操作见各工单的历史。每条记录的摘要涵盖此前的所有记录：保留一份导出文件，日后可用命令行核对内容是否一致。
audit-none = 没有找到记录。
audit-number = 序号
audit-when = 时间
audit-who = 人员
audit-deed = 操作
audit-with = 设备
audit-digest = 摘要
audit-anybody = 所有人员
audit-any-tool = 所有手机
audit-any-kind = 所有操作
audit-search = 搜索日志
audit-older = 更早
audit-newest = 最新
audit-nobody = 未登录者
audit-operator = 运维人员
audit-kind-sign-ins = 登录与退出
audit-kind-refused = 被拒绝或异常
audit-kind-accounts = 账号与角色
audit-kind-tools = 手机与浏览器
audit-kind-passwords = 密码
audit-kind-taken = 保存为文件的数据
audit-kind-settings = 设置
audit-tool-phone = 手机
audit-tool-browser = 浏览器
audit-tool-program = 程序
audit-tool-command-line = 命令行
audit-signed-in = 登录
audit-signed-out = 退出登录
audit-sign-in-refused = 以账号 { $detail } 登录被拒绝
audit-sign-in-copied = 登录凭据的副本再次出现，该登录已终止
audit-sign-in-foreign = 有人没有手机密钥却想继续 { $name } 的登录，已被拒绝
audit-phone-unlocked = 用密码代替解锁码打开了手机
audit-account-opened = 为 { $name } 开通了账号：{ $detail }
audit-account-closed = 关闭了 { $name } 的账号
audit-account-reopened = 重新开通了 { $name } 的账号
audit-role-changed = { $name } 的角色改为：{ $detail }
audit-device-enrolled = 首次在手机 { $detail } 上登录
audit-device-revoked = 停用了 { $name } 的手机 { $detail }
audit-device-restored = 恢复了 { $name } 的手机 { $detail }
audit-browser-signed-out = 让 { $name } 在{ $detail }中退出登录
audit-used-together = 首次以同一账号与 { $detail } 同时使用
audit-password-changed = 更改了密码；其他失效的登录：{ $detail }
audit-password-refused = 更改 { $name } 的密码时，当前密码不正确
audit-password-given = 为 { $name } 设置了一次性密码
audit-table-taken = 将表格保存为文件：{ $detail }
audit-document-taken = 将文档保存为文件：{ $detail }
audit-settings-changed = 更改了设置：{ $detail }

## 待处理的内容
held-explained = 这些内容的作者当时无从得知自己已无权填写：没有网络，或手机已被停用。它们尚未写入工单。采用后以作者的名义写入工单；搁置时请写明理由，作者会看到。任何内容都不会被删除。
held-none = 没有待处理的内容。
held-new-job = 新工单
held-accept = 采用
held-set-aside = 搁置
held-note = 理由，作者会看到
held-unreadable = 内容无法显示。
held-not-acceptable = 目前无法采用：{ $reason }
held-decided = { $name } 于 { $moment } 搁置：{ $note }
held-set-aside-title = 已搁置
held-notice-accepted = 已采用，以作者的名义写入工单。
held-notice-set-aside = 已搁置，会告知作者；之后仍可采用。
held-notice-gone = 已有人作出决定。
held-in-job = 该工单有内容等待处理。
held-open = 去处理
history-held-accepted = 采用了 { $name } 的待处理内容（{ $count } 条）
history-held-set-aside = 搁置了 { $name } 的待处理内容（{ $count } 条）

## 核验签字
verify-title = 核验签字证明
verify-explained = 请选择 PDF 文档或签字确认的证明文件。此处会核对：文件是否与打印时一致、签字的确切内容、用户的签名、手机密钥和服务器回执。无需账号，文件不会保存。
verify-file = PDF 或证明文件
verify-check = 核验
verify-valid = 这份证明有效。
verify-valid-explained = 自服务器收到以来，一个字节也没有改动。
verify-invalid = 这份证明不成立。
verify-own-key = 由本服务器副署。
verify-other-key = 由另一台服务器副署。请与该单位公布的密钥核对：
verify-no-file = 请先选择文件。
verify-signed-content = 签字的内容
verify-another = 核验另一份文件
proof-malformed = 这不是证明文件，或者导出之后被改动过。
proof-statement = 签字声明已损坏。
proof-device-signature = 手机签名与声明不符：声明被改动过，或者是另一部手机签的。
proof-drawing = 手写签名不是签字时的那一个。
proof-content = 内容不是签字时的内容：其中有改动。
proof-receipt = 服务器回执属于另一次签字。
proof-server-signature = 服务器签名与回执不符：回执被改动过，或者是另一台服务器签的。
proof-other-server = 证明完整无改动，但副署的密钥与给出的密钥不同。

## 出了问题的时候
error-title = 没有成功
error-title-not-found = 找不到
error-home = 回到工单
at-setup = 由命令行建立
plan-items = 计划内容
trouble-not-found = 这里没有内容，或者您无权查看。
trouble-malformed = 无法读取表单。请返回、刷新页面后重试；没有作任何改动。
trouble-unavailable = 服务器暂时无法完成此操作。没有作任何改动，请稍后重试。

## 知识库
nav-articles = 知识库
articles-count = 共 { $count } 篇文章
articles-none = 还没有文章。打开一个已解决的工单，即可由它写成文章。
article-new = 新建文章
article-new-title = 文章标题
article-from-job = 写成知识文章
article-job = 来源工单
