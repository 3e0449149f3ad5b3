//! The words themselves.

/// One code: title and detail in Chinese, title and detail in English.
pub(super) type Entry = (&'static str, [&'static str; 4]);

pub(super) const PROBLEMS: &[Entry] = &[
    (
        "auth.sign_in_required",
        [
            "请先登录",
            "登录状态无效或已结束，请重新登录。",
            "Sign in first",
            "There is no session, or it has ended. Sign in again.",
        ],
    ),
    (
        "auth.wrong_credentials",
        [
            "用户名或密码不正确",
            "请核对后重试；忘记密码请联系上级管理员重置。",
            "Wrong user name or password",
            "Check both and try again; an administrator can reset a forgotten password.",
        ],
    ),
    (
        "auth.password_change_required",
        [
            "请先修改密码",
            "首次登录或密码被重置后，须先修改密码才能继续。",
            "Change the password first",
            "The first password and a reset one must be changed before anything else.",
        ],
    ),
    (
        "permission.denied",
        [
            "没有权限",
            "您在此处没有权限：{permission}。如有需要，请联系管理员授权。",
            "Not allowed",
            "You lack the permission {permission} here. Ask an administrator for a grant.",
        ],
    ),
    (
        "account.own",
        [
            "不能管理自己的账号",
            "请由其他管理员操作。",
            "Not your own account",
            "Nobody manages the own account or the own grants. Ask another administrator.",
        ],
    ),
    (
        "grant.role_not_allowed",
        [
            "不能授予或管理该角色",
            "您只能管理您有权授予的角色。",
            "Not this role",
            "You manage only grants and accounts whose roles you may give.",
        ],
    ),
    (
        "resource.not_found",
        ["未找到", "该项不存在，或不在您的辖区内。", "Not found", "It does not exist, or it lies outside your scope."],
    ),
    (
        "request.malformed",
        [
            "请求无法识别",
            "请按接口说明修正后重试。",
            "The request cannot be read",
            "Correct it as the API's description says and try again.",
        ],
    ),
    (
        "request.too_large",
        [
            "请求内容过大",
            "请求体不得超过 {limit} 字节。",
            "The request is too large",
            "A body has at most {limit} bytes.",
        ],
    ),
    (
        "request.not_json",
        [
            "请求格式不支持",
            "请以 application/json（UTF-8，不压缩）提交。",
            "Not JSON",
            "Send application/json in UTF-8, not compressed.",
        ],
    ),
    (
        "request.invalid",
        ["填写有误", "请修正下列各项后重试。", "The request breaks rules", "Correct each of the errors and try again."],
    ),
    (
        "request.bad_cursor",
        ["翻页标记无效", "请从第一页重新开始。", "Not a cursor of this list", "Begin again with the first page."],
    ),
    (
        "request.not_acceptable",
        [
            "不支持所要求的编码",
            "请接受 gzip 或不压缩的内容。",
            "No such encoding",
            "Accept gzip or content that is not compressed.",
        ],
    ),
    (
        "id.taken",
        [
            "编号已被使用",
            "该编号已用于其他内容，请换一个编号。",
            "The id is taken",
            "It belongs to something else, or to other content. Choose another id.",
        ],
    ),
    (
        "account.username_taken",
        ["用户名已被使用", "请换一个用户名。", "The user name is taken", "Choose another user name."],
    ),
    (
        "service_point.region_code_taken",
        [
            "区划代码已被使用",
            "另一个在用机构已使用该区划代码。",
            "The region code is taken",
            "Another point that has not ended carries this region code.",
        ],
    ),
    (
        "service_point.ended",
        [
            "机构已关闭",
            "已关闭或合并的机构不能再变更，也不接收关闭日之后的登记。",
            "The point has ended",
            "A closed or merged point is not changed any more and takes nothing dated after its end.",
        ],
    ),
    (
        "service_point.not_active",
        [
            "机构未在运行",
            "筹建或暂停的机构不接收新的登记。",
            "The point is not at work",
            "A planned or suspended point takes no new households or records.",
        ],
    ),
    (
        "service_point.open_children",
        [
            "仍有下级机构",
            "请先关闭或移走全部下级机构；市局不能关闭。",
            "The point has children",
            "Close or move its children first; the bureau is never closed.",
        ],
    ),
    (
        "service_point.records_after_close",
        [
            "关闭日之后仍有记录",
            "请选择更晚的关闭日，或先作废这些记录。",
            "There are later records",
            "Choose a later day, or void the records given after it first.",
        ],
    ),
    ("resource.already_so", ["已是该状态", "无需变更。", "Nothing to change", "It is in that state or place already."]),
    (
        "assistance_record.voided",
        ["记录已作废", "已作废的记录不能再变更。", "The record is voided", "A voided record is not changed any more."],
    ),
    (
        "household.not_active",
        [
            "该户不在册",
            "迁出或销户的户不能再登记或变更。",
            "The household is not active",
            "One that has moved away or been dissolved takes no changes or records.",
        ],
    ),
    (
        "household.active",
        [
            "该户仍在册",
            "请先办理迁出或销户，再删除身份信息。",
            "The household is active",
            "Let it move away or dissolve it first; then its identities can be erased.",
        ],
    ),
    (
        "household.records_after_end",
        [
            "该日之后仍有帮扶记录",
            "请选择更晚的日期，或先作废这些记录。",
            "There are later records",
            "Choose a later day, or void the records given on it or after it first.",
        ],
    ),
    (
        "household.head_needed",
        [
            "户主不能退出",
            "请先变更户主；整户不再服务的，请办理迁出或销户。",
            "A household needs its head",
            "Make another member the head first, or end the household.",
        ],
    ),
    (
        "household.duplicate_identity",
        [
            "此人已在其他户登记",
            "身份证号全网唯一。如应归入本处，请提出转移申请。",
            "The person is registered already",
            "An identity number is registered once in the network. If the household belongs here, request its transfer.",
        ],
    ),
    (
        "household_member.not_present",
        [
            "该成员已不在册",
            "已退出的成员和已迁出、销户、删除的户的成员不能再变更。",
            "The member is not present",
            "Members who have left, or whose household has ended, are not changed any more.",
        ],
    ),
    (
        "transfer_request.pending",
        [
            "已有待答复的申请",
            "请等待答复，或先撤回原申请。",
            "Such a request is waiting",
            "Wait for its answer, or withdraw it first.",
        ],
    ),
    (
        "transfer_request.answered",
        [
            "申请已办结",
            "已答复或撤回的申请不能再变更。",
            "The request has been answered",
            "It was accepted, refused or withdrawn before.",
        ],
    ),
    (
        "statistics.sum_too_large",
        [
            "汇总数超出范围",
            "请核对数量和金额；本次未保存任何内容。",
            "A sum would be too large",
            "Check the quantity and the amount. Nothing was written.",
        ],
    ),
    (
        "report.own",
        [
            "不能审核自己上报的月报",
            "请由其他审核人员处理。",
            "Not what you submitted",
            "Nobody approves, returns or opens again what they submitted. Ask another reviewer.",
        ],
    ),
    (
        "period.closed",
        [
            "该月已上报，不能变更",
            "{month} 的月报已上报或审定；如确需变更，请先由上级退回或重新打开。",
            "The month is closed",
            "The report of {month} has been submitted or approved. Have it returned or opened again first.",
        ],
    ),
    (
        "report.month_runs",
        ["该月尚未结束", "请在月末之后上报。", "The month has not ended", "Submit it when the month is over."],
    ),
    (
        "report.not_expected",
        [
            "该月无须上报",
            "该机构当月未开设或已关闭。",
            "No report is expected",
            "The point was not open in that month.",
        ],
    ),
    (
        "report.begun",
        [
            "该月月报已有记录",
            "请在原月报上重新上报。",
            "There is a report for that month",
            "Submit that one again, at its own address.",
        ],
    ),
    (
        "report.submitted",
        [
            "月报已上报",
            "如需变更，请先撤回，或由上级退回、重新打开。",
            "It has been submitted",
            "Take it back, or have it returned or opened again first.",
        ],
    ),
    (
        "report.not_submitted",
        [
            "月报不在待审状态",
            "可能已被审定、退回或撤回，请刷新。",
            "It is not waiting for review",
            "It may have been approved, returned or taken back. Look again.",
        ],
    ),
    (
        "report.not_approved",
        [
            "月报尚未审定",
            "只有已审定的月报才能重新打开。",
            "It is not approved",
            "Only an approved report is opened again.",
        ],
    ),
    (
        "report.parent_submitted",
        [
            "上级月报已上报",
            "请先退回或重新打开上级的月报。",
            "The report above has been submitted",
            "Have the report of the point above returned or opened again first.",
        ],
    ),
    (
        "report.children_missing",
        [
            "下级月报未齐",
            "请待全部下级审定，或对未报的下级登记免报。",
            "Reports from below are missing",
            "Every child that is expected must be approved or waived first.",
        ],
    ),
    (
        "report.nil_needed",
        [
            "本月无业务，须明确零报告",
            "确无业务的，请勾选零报告后上报。",
            "There is nothing to report",
            "If that is right, submit it as an explicit nil report.",
        ],
    ),
    (
        "report.not_nil",
        [
            "本月有业务，不能零报告",
            "请核对记录后按实上报。",
            "There is something to report",
            "Look at the records, and submit it without `nil`.",
        ],
    ),
    (
        "report.errors_open",
        [
            "本机构还有错误类疑点",
            "请先更正错误类疑点，再上报。",
            "There are errors in the data",
            "Correct what the rules for doubtful items call errors first.",
        ],
    ),
    (
        "report.note_needed",
        [
            "本机构还有未说明的疑点",
            "请逐项说明，或在上报时填写说明。",
            "Doubtful items are not explained",
            "Explain each, or say something about them in the report's note.",
        ],
    ),
    (
        "report.other_content",
        [
            "所审内容不是最新上报的内容",
            "请刷新，核对后再审定。",
            "It is not what was submitted",
            "Look at the report again before you approve it.",
        ],
    ),
    (
        "report.content_changed",
        [
            "记录与上报时不一致",
            "请退回，并请审计人员核查。",
            "The records are not those that were submitted",
            "Return it, and have an auditor look at the records.",
        ],
    ),
    (
        "report_waiver.revoked",
        ["免报已取消", "无需重复取消。", "The waiver has been taken back", "It was taken back before."],
    ),
    (
        "inspection.out_of_order",
        [
            "顺序不对",
            "先建抽查框，再定种子，然后抽取；已完成的步骤不能重做。",
            "Not in this order",
            "First the frame, then the seed, then the draw; and each only once.",
        ],
    ),
    (
        "inspection.closed",
        [
            "抽查已结束",
            "已结束的抽查不能再变更。",
            "The inspection is closed",
            "It takes no results and no steps any more.",
        ],
    ),
    (
        "inspection.frame_altered",
        [
            "抽查框被改动",
            "保存的抽查框与登记的摘要不符，不能抽取。请核验数据库。",
            "The frame was altered",
            "Its lines are not those whose digest was kept. Verify the database.",
        ],
    ),
    (
        "verification.running",
        [
            "核验正在进行",
            "同一时间只能进行一次核验，请等它完成。",
            "A verification is under way",
            "There is one at a time. Wait for its end.",
        ],
    ),
    (
        "inspection_item.nothing_found",
        [
            "没有可提出的问题",
            "该样本尚未核查，或核查属实。",
            "Nothing was found",
            "It has not been checked, or it was found to be right.",
        ],
    ),
    (
        "inspection_finding.pending",
        [
            "已提出过问题",
            "该样本已有待决定或已采纳的问题。",
            "There is such a finding",
            "One about this record waits for its decision, or was accepted.",
        ],
    ),
    (
        "inspection_finding.decided",
        ["问题已决定", "已决定的问题不能再变更。", "The finding was decided", "It was accepted or dismissed before."],
    ),
    (
        "inspection_finding.own",
        [
            "不能决定自己提出的问题",
            "请由其他审核员或负责人决定。",
            "Not your own finding",
            "Another reviewer or manager decides it.",
        ],
    ),
    (
        "doubtful_item.changed",
        [
            "疑点已变化",
            "该疑点已不存在或内容已变化，请刷新后再说明。",
            "The item has changed",
            "It is not found any more, or with other facts. Look again before you explain it.",
        ],
    ),
    (
        "period.locked",
        [
            "该月已过录入期限，不能变更",
            "{month} 的录入截止于 {day}；确需补录的，请上级负责人准予补录。",
            "The month is locked",
            "Entries for {month} were taken until {day}. A manager of the point above may allow late ones.",
        ],
    ),
    (
        "period_exception.revoked",
        ["补录许可已取消", "无需重复取消。", "The leave has been taken back", "It was taken back before."],
    ),
    ("grant.revoked", ["授权已撤销", "无需重复撤销。", "The grant is revoked", "It was taken back before."]),
    (
        "opening_balance.covers",
        [
            "期初数已包含该时段",
            "期初数所含时段不再录入；该时段已有录入的，期初数须从更晚的月份起算。",
            "An opening balance stands for that time",
            "Nothing is entered for the time of an opening balance; where something is, let the balance end before it.",
        ],
    ),
    (
        "organisation.credit_code_taken",
        [
            "统一社会信用代码已登记",
            "该代码属于另一组织，请核对。",
            "The credit code is taken",
            "It belongs to another organisation; check it.",
        ],
    ),
    (
        "entries.outside",
        [
            "有记录在这些日期之外",
            "有销售、快件、工资等记录，或成员、带动关系，在这些日期之外；请先更正、作废或结束，或改用包含它们的日期。",
            "Entries lie outside of these days",
            "Something has entries, members or links of other days. Correct, void or end them first, or name days that hold them.",
        ],
    ),
    (
        "ledger_entry.voided",
        [
            "记录已作废",
            "作废的记录（或培训班）不能再更改。",
            "The entry is voided",
            "It, or the training session that it belongs to, was taken back and changes no more.",
        ],
    ),
    (
        "training_session.attended",
        [
            "已有参训记录",
            "有参训记录的培训班不能作废，也不能改主题和日期；请先作废参训记录。",
            "Somebody has attended",
            "A session that was attended is not voided and keeps its topic and days; void the attendances first.",
        ],
    ),
    (
        "dependency.missing",
        [
            "前面的一条还没有收到",
            "这一条要等前面的一条先收到，稍后原样再传即可。",
            "Something before it has not arrived",
            "What this depends on has not been received. Send it again later, as it is.",
        ],
    ),
    (
        "resource.simultaneous_change",
        [
            "有人同时做了同样的变更",
            "请刷新后重试。",
            "Someone made the same at the same moment",
            "Look again and try once more.",
        ],
    ),
    (
        "version.stale",
        [
            "内容已被他人修改",
            "请刷新，核对最新内容后重试。",
            "It has changed meanwhile",
            "Read it again, look at what changed, and try with its present version.",
        ],
    ),
    (
        "version.required",
        [
            "缺少版本",
            "修改须带 If-Match 请求头，其值为读取时的 ETag。",
            "The version is missing",
            "A change needs the header If-Match with the ETag that was read.",
        ],
    ),
    (
        "request.too_many",
        ["尝试过于频繁", "请在 {seconds} 秒后重试。", "Too many tries", "Try again in {seconds} seconds."],
    ),
    (
        "server.busy",
        [
            "服务繁忙",
            "本次未保存任何内容，请稍后重试。",
            "The server is busy",
            "Nothing was written. Try again in a moment.",
        ],
    ),
    (
        "server.timed_out",
        [
            "处理超时",
            "请稍后重试；带编号的提交可以安全重发。",
            "It took too long",
            "Try again in a moment; what was sent with its own id can safely be sent again.",
        ],
    ),
    (
        "server.failed",
        [
            "服务出错",
            "本次未保存任何内容。请把请求编号告诉管理员。",
            "The server failed",
            "Nothing was written. Tell the administrator the request's id.",
        ],
    ),
    (
        "route.unknown",
        ["没有这个地址", "请查看接口说明 /docs。", "Nothing lives here", "See the API's description at /docs."],
    ),
    (
        "route.wrong_method",
        [
            "该地址不支持此方法",
            "支持的方法见 Allow 响应头。",
            "Not for this method",
            "The header Allow names the methods of this address.",
        ],
    ),
];

/// One code: message in Chinese, message in English.
pub(super) const FAULTS: &[(&str, [&str; 2])] = &[
    ("length", ["长度须在 {min} 至 {max} 个字符之间", "must have {min} to {max} characters"]),
    ("range", ["须在 {min} 至 {max} 之间", "must be between {min} and {max}"]),
    ("non_control_character", ["含有不可见的控制字符", "contains control characters"]),
    (
        "username",
        [
            "用户名须为 3 至 32 个字母、数字、点、下划线或短横，以字母开头",
            "must be 3 to 32 letters, digits, dots, underscores or hyphens and begin with a letter",
        ],
    ),
    ("region_code", ["区划代码须为 12 位数字", "must be the 12 digits of a region code"]),
    ("phone", ["不是有效的电话号码", "is no telephone number"]),
    ("invalid", ["填写有误", "is not valid"]),
    ("nil_id", ["编号不能全为零", "must not be the nil id"]),
    ("unknown_code", ["不在代码表中或当日不可用：{list}", "is not a code of the list {list}, or not on that day"]),
    ("wrong_tier", ["上下级层级不符", "is not of the tier just below its parent's"]),
    ("cycle", ["不能移到自己的下级之下", "lies below the point itself"]),
    ("not_a_first_status", ["新设机构只能是筹建或运行", "must be planned or active for a new point"]),
    ("in_future", ["不能晚于今天", "must not be in the future"]),
    ("before_present_month", ["不能早于本月", "must not be before the present month"]),
    ("one_of", ["须二者择一", "give exactly one of the two"]),
    ("in_past", ["不能早于今天", "must not be in the past"]),
    ("before_opening", ["不能早于开设日", "must not be before the day of opening"]),
    ("fixed", ["不能更改", "stays as it is"]),
    ("either_or", ["两项须且只须填一项", "exactly one of the two must be given"]),
    ("not_in_force", ["在这些日期不可用", "is not in force on these days"]),
    ("store_not_open", ["网店当时未营业", "the store was not open then"]),
    ("site_not_open", ["站点当时未运营", "the site was not open then"]),
    ("logged_already", ["该月已填报", "is told for this month already"]),
    ("belongs_already", ["该人员当时已是该组织成员", "this person belongs to the organisation already on these days"]),
    ("not_present", ["该人员已离户", "has left the household"]),
    ("not_of_owner", ["须为登记该网店或组织的机构", "must be the point that keeps the store or the organisation"]),
    ("own_store", ["网店属于该户自己", "owns this store itself"]),
    ("not_logistics", ["须为物流类合作单位", "must be a partner of the kind logistics"]),
    ("not_a_village", ["须为村级服务点", "must be a village point"]),
    ("not_below", ["须在登记机构的辖区内", "must lie below the point that keeps it"]),
    ("paid_more", ["不能少于已支付的金额", "must not be less than what was paid"]),
    ("over_budget", ["超出项目预算", "is more than the budget has left"]),
    ("file_type", ["只接受 PDF、PNG 或 JPEG 文件", "must be a PDF, PNG or JPEG file"]),
    ("incomplete", ["文件未传完", "the file did not arrive whole"]),
    ("attends_already", ["该人员已登记参训", "this person attends the session already"]),
    ("not_a_county", ["须为县级行政区划的 12 位代码", "must be the 12 digits of a county's region code"]),
    ("not_kept_above", ["须由本机构或上级登记", "must be kept by the same point or by one above it"]),
    ("not_of_partner", ["须与合作单位的登记机构相同", "must be the point that keeps the partner"]),
    ("not_first_of_month", ["须为某月一日", "must be the first of a month"]),
    ("credit_code", ["不是有效的统一社会信用代码", "is no unified social credit code"]),
    ("before_registration", ["不能早于该户登记日", "must not be before the household was registered"]),
    (
        "before_last_change",
        ["不能早于该户上一次变更或登记的日期", "must not be before the household's last dated change"],
    ),
    ("after_joining", ["不能晚于加入日期", "must not be after the day of joining"]),
    ("before_birth", ["不能早于出生日期", "must not be before the day of birth"]),
    ("before_joining", ["不能早于加入日期", "must not be before the day of joining"]),
    ("only_monitored", ["只有监测户才有监测对象类别", "is for monitored households only"]),
    ("not_divided", ["该指标不按此项分列", "does not divide this metric"]),
    ("only_convenience", ["只有便民服务才有子类", "is for convenience services only"]),
    ("one_head", ["须有且只有一名户主（关系 02）", "must have exactly one head (relation 02)"]),
    ("head_relation", ["户主关系请通过变更户主办理", "the head is changed by an act of its own"]),
    (
        "identity_or_reason",
        ["身份证号和无证原因须且只能填一项", "needs either an identity number or a reason for none"],
    ),
    ("duplicate_in_request", ["与另一名成员的身份证号相同", "is that of another member in this request"]),
    ("not_registered", ["没有登记过此身份证号", "nobody with this number is registered"]),
    ("not_of_household", ["不是该户成员", "is no member of this household"]),
    ("household_or_identity", ["户编号和身份证号须且只能填一项", "needs either a household or an identity number"]),
    ("personal_number", ["不能包含身份证号或手机号码", "must not hold an identity number or a mobile number"]),
    ("identity_length", ["身份证号须为 18 位", "must have 18 digits, the last of which may be X"]),
    ("identity_checksum", ["身份证号校验位不符", "has a wrong check digit"]),
    ("identity_birth_date", ["身份证号中的出生日期无效", "holds no possible day of birth"]),
    ("certificate_length", ["残疾人证号须为 20 或 22 位", "must have 20 or 22 digits"]),
    ("certificate_checksum", ["残疾人证号中的身份证号校验位不符", "holds an identity number with a wrong check digit"]),
    ("certificate_category", ["残疾人证号与所填类别、等级不符", "does not fit the category and the grade"]),
    ("certificate_identity", ["残疾人证号与身份证号不符", "does not fit the identity number"]),
    ("only_corrected", ["错误须更正，不能以说明销号", "is an error, which is corrected and not explained"]),
    ("month_of_rule", ["按月的疑点须注明月份，其余不得填写", "is needed for an item of a month, and for no other"]),
    ("not_a_tail", ["须为 4 位数字", "must be 4 digits"]),
    ("before_valid_from", ["不能早于生效日", "must not be before valid_from"]),
    ("before_from", ["不能早于起始日", "must not be before from"]),
    ("window_too_wide", ["起止日期不能超过 366 天", "the window has at most 366 days"]),
    ("stale", ["内容已变更，请刷新", "has changed meanwhile"]),
    ("other_content", ["不是最新上报的内容", "is not what was submitted"]),
    ("content_changed", ["记录与上报时不一致", "has other records than those submitted"]),
    ("not_submitted", ["不在待审状态", "is not waiting for review"]),
    ("own_report", ["是您本人上报的", "was submitted by you"]),
    ("before_period_from", ["不能早于起始日", "must not be before period_from"]),
    ("empty_frame", ["所选范围和期间没有记录", "there is no record in this place and period"]),
    ("larger_than_frame", ["不能大于抽查框的记录数：{max}", "must not be more than the frame has: {max}"]),
    ("only_amount_differs", ["只在数量或金额不符时填写", "is for an amount that differs"]),
    ("same_as_recorded", ["与登记的相同", "is what was recorded"]),
    ("not_a_result", ["不是核查结果", "is no result"]),
    ("source_without_seed", ["没有填写种子", "is for a seed that is given"]),
    ("not_found", ["不存在，或不在您的辖区内", "does not exist or lies outside your scope"]),
    ("wrong_password", ["当前密码不正确", "is not the present password"]),
    ("too_short", ["密码至少 10 个字符", "must have at least 10 characters"]),
    ("too_long", ["密码最多 128 个字符", "must have at most 128 characters"]),
    (
        "too_few_classes",
        ["须包含大写、小写、数字、其他字符中的三类", "needs three of: lower case, upper case, digits, others"],
    ),
    ("common", ["过于常见，容易被猜到", "is among the common ones"]),
    ("contains_username", ["不能包含用户名", "must not contain the user name"]),
    ("used_lately", ["不能与最近 5 次使用的密码相同", "is one of the last 5"]),
    ("invalid_json", ["不是有效的 JSON（第 {line} 行第 {column} 列）", "is no JSON (line {line}, column {column})"]),
    ("invalid_utf8", ["不是 UTF-8 编码", "is not UTF-8"]),
    ("nul", ["含有 U+0000 字符", "contains U+0000"]),
    ("unknown_field", ["没有这个字段或参数", "there is no such field or parameter"]),
    ("missing", ["必填", "is missing"]),
    ("duplicate", ["重复出现", "stands twice"]),
    ("wrong_type", ["类型或格式不符", "has the wrong type or form"]),
    ("invalid_id", ["不是有效的编号（UUID）", "is no id (UUID)"]),
];
