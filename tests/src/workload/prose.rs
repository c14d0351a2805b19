//! Sentences such as engineers write, half in English, half in Chinese, from short word lists.

use crate::random::Random;

const DID: &[&str] = &[
    "replaced",
    "cleaned",
    "tightened",
    "checked",
    "measured",
    "reset",
    "greased",
    "flushed",
    "refilled",
    "rewired",
    "adjusted",
    "aligned",
    "sealed",
    "updated",
    "swapped",
    "ordered",
    "secured",
    "purged",
    "drained",
    "isolated",
    "labelled",
    "crimped",
    "balanced",
    "vented",
];
const STATE: &[&str] = &[
    "worn", "cracked", "noisy", "loose", "rusty", "blocked", "leaking", "hot", "bent", "seized",
    "damp", "new", "spare", "left", "right", "upper", "lower", "brittle", "frayed", "stripped",
];
const THING: &[&str] = &[
    "compressor",
    "bearing",
    "impeller",
    "gasket",
    "valve",
    "thermostat",
    "sensor",
    "relay",
    "breaker",
    "inverter",
    "terminal",
    "display",
    "motor",
    "belt",
    "coupling",
    "pump",
    "filter",
    "hose",
    "nozzle",
    "burner",
    "damper",
    "fan",
    "coil",
    "transformer",
    "battery",
    "cable",
    "hinge",
    "lock",
    "roller",
    "brake",
    "gearbox",
    "encoder",
    "gauge",
    "heater",
    "gateway",
];
const UNIT: &[&str] = &["V", "A", "kPa", "degC", "mm", "rpm", "Ohm", "l/min"];
const WHEN: &[&str] =
    &["today", "twice", "under load", "overnight", "on site", "by hand", "after lunch", "cold"];
const ZH_DID: &[&str] = &[
    "更换", "清洗", "紧固", "检查", "测试", "复位", "校准", "润滑", "排空", "加注", "调整", "对中",
    "密封", "升级", "重启", "确认", "固定", "核对", "焊接", "压接",
];
const ZH_THING: &[&str] = &[
    "压缩机",
    "轴承",
    "叶轮",
    "密封垫",
    "电磁阀",
    "温控器",
    "传感器",
    "继电器",
    "断路器",
    "变频器",
    "主控板",
    "显示屏",
    "电机",
    "皮带",
    "联轴器",
    "水泵",
    "过滤网",
    "喷嘴",
    "风机",
    "变压器",
    "蓄电池",
    "电缆",
    "门锁",
    "导轨",
    "减速箱",
    "编码器",
    "压力表",
    "加热管",
    "网关",
    "摄像头",
];
const ZH_STATE: &[&str] = &[
    "异响", "漏水", "过热", "松动", "腐蚀", "堵塞", "开裂", "老化", "受潮", "卡死", "偏移", "正常",
    "偏高", "偏低", "报警", "跳闸", "磨损", "变形",
];
const ZH_END: &[&str] = &[
    "已恢复运行",
    "待观察一天",
    "客户已确认",
    "下次复查",
    "备件已下单",
    "已通知调度",
    "保修期内",
    "数据已上传",
];

/// Prose of at most `chars` characters, and of no fewer than a word less.
pub(super) fn text(random: &mut Random, chars: usize) -> String {
    let mut text = String::new();
    let mut length = 0;
    while length < chars {
        if length > 0 {
            text += ". ";
        }
        text += &if random.below(2) == 0 { english(random) } else { chinese(random) };
        length = text.chars().count();
    }
    let cut: String = text.chars().take(chars).collect();
    cut.trim_end().to_owned()
}

fn english(random: &mut Random) -> String {
    let (number, tenths) = (random.below(400), random.below(10));
    format!(
        "{} the {} {} {}, {} reads {number}.{tenths} {} {}",
        pick(random, DID),
        pick(random, STATE),
        pick(random, THING),
        random.below(48),
        pick(random, THING),
        pick(random, UNIT),
        pick(random, WHEN),
    )
}

fn chinese(random: &mut Random) -> String {
    let (number, tenths) = (random.below(400), random.below(10));
    format!(
        "{}{}号{},{}{},读数{number}.{tenths},{}",
        pick(random, ZH_DID),
        random.below(36),
        pick(random, ZH_THING),
        pick(random, ZH_THING),
        pick(random, ZH_STATE),
        pick(random, ZH_END),
    )
}

fn pick(random: &mut Random, words: &[&'static str]) -> &'static str {
    let at = random.below(words.len() as u64);
    words[usize::try_from(at).unwrap_or_default()]
}
