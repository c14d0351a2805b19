//! The people and customers of a large organisation, made from lists of words; its catalog and
//! what its jobs tell are those of the small one.

use docket_protocol::role::Role;

use super::super::DemoError;
use super::super::world::{Contact, Customer, Equipment, Person, Site, World};
use super::Size;
use super::chance::Chance;

const FAMILY_NAMES: [&str; 20] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "周", "吴", "徐", "孙", "马", "朱", "胡", "郭",
    "何", "林", "罗", "梁",
];
const GIVEN_NAMES: [&str; 20] = [
    "伟", "芳", "敏", "静", "磊", "洋", "勇", "艳", "杰", "娟", "涛", "超", "明", "霞", "平", "刚",
    "建华", "志强", "晓东", "丽娜",
];
const CITIES: [&str; 24] = [
    "上海", "苏州", "宁波", "杭州", "无锡", "南京", "常州", "嘉兴", "绍兴", "合肥", "芜湖", "南通",
    "扬州", "徐州", "青岛", "济南", "厦门", "福州", "长沙", "武汉", "成都", "西安", "天津", "大连",
];
const TRADES: [&str; 16] = [
    "精密机械",
    "人民医院",
    "物流园",
    "食品厂",
    "职业学院",
    "污水处理厂",
    "电子",
    "纺织厂",
    "制药",
    "港务",
    "商业广场",
    "轨道交通",
    "印务",
    "化工",
    "冷链",
    " Instruments",
];
const BRANCHES: [&str; 4] = ["", "二部", "三部", "分公司"];
const STREETS: [&str; 4] = ["人民路", "工业大道", "科技园区东路", "滨江路"];
/// What a contract says, and promises of a critical fault in minutes: response, on site, recovery.
const CONTRACTS: [(&str, [Option<i64>; 3]); 3] = [
    ("7×24 小时，4 小时到场，年度巡检 2 次", [Some(30), Some(240), Some(1_440)]),
    ("工作日 8:30–17:30，次日到场", [Some(120), Some(1_440), None]),
    ("Business hours, next day on site", [Some(120), Some(1_440), None]),
];
const SITES: [&str; 8] =
    ["一号楼", "二号车间", "数据中心", "仓库", "办公楼", "门诊楼", "动力站", "Building C"];
const TITLES: [&str; 5] = ["设备主管", "信息科科长", "电气工程师", "行政主任", "Facility manager"];
const MACHINES: [(&str, &str, &str); 10] = [
    ("核心交换机", "CS-7506", "网络设备"),
    ("UPS 40 kVA", "PX-40", "电源"),
    ("影像存储", "NV-480", "存储"),
    ("条码打印机", "ZP-420", "打印机"),
    ("门禁控制器", "AC-8", "门禁"),
    ("3 号线控制柜", "KZ-300", "工控设备"),
    ("无线控制器", "WC-5", "网络设备"),
    ("精密空调", "AH-25", "空调"),
    ("CCTV recorder", "VR-64", "监控"),
    ("数控机床网关", "GW-16", "工控设备"),
];

/// The small world with as many engineers and customers as asked for.
pub(super) fn world(size: &Size) -> Result<World, DemoError> {
    let mut world = World::read()?;
    // Whoever knows the small one's accounts can sign in here, too.
    world.organisation.people.retain(|person| person.role != Role::Engineer);
    let engineers = (0..size.engineers).map(|number| engineer(size.seed, number));
    world.organisation.people.extend(engineers);
    world.customers = (0..size.customers).map(|number| customer(size.seed, number)).collect();
    Ok(world)
}

/// By what the organisation knows an engineer.
pub(super) fn key_of(number: usize) -> String {
    format!("engineer{}", number + 1)
}

fn engineer(seed: u64, number: usize) -> Person {
    let name = full_name(&mut Chance::of(seed, 1_000_000 + number as u64));
    Person {
        key: key_of(number),
        login: key_of(number),
        device: Some(format!("{name}的手机")),
        name,
        role: Role::Engineer,
        phone: format!("138 5550 {number:04}"),
    }
}

fn full_name(chance: &mut Chance) -> String {
    let (first, second) = (chance.pick(&GIVEN_NAMES), chance.pick(&GIVEN_NAMES));
    let second = if first.chars().count() > 1 { "" } else { second };
    format!("{}{first}{second}", chance.pick(&FAMILY_NAMES))
}

fn customer(seed: u64, number: usize) -> Customer {
    let chance = &mut Chance::of(seed, 2_000_000 + number as u64);
    let city = CITIES[number % CITIES.len()];
    let trade = TRADES[number / CITIES.len() % TRADES.len()];
    let branch = BRANCHES[number / (CITIES.len() * TRADES.len()) % BRANCHES.len()];
    let address = format!("{city}{}{} 号", chance.pick(&STREETS), 1 + chance.below(400));
    let sites: Vec<Site> = (0..=chance.below(4))
        .map(|at| Site {
            name: SITES[(number + at) % SITES.len()].to_owned(),
            address: String::new(),
        })
        .collect();
    let contacts: Vec<Contact> = (0..2 + chance.below(2))
        .map(|at| Contact {
            name: full_name(chance),
            title: TITLES[(number + at) % TITLES.len()].to_owned(),
            phone: format!("0512-5550 {:04}", chance.below(10_000)),
            reports_to: String::new(),
        })
        .collect();
    let equipment = (0..3 + chance.below(8))
        .map(|at| {
            let (name, model, kind) = MACHINES[(number + at) % MACHINES.len()];
            let serial =
                format!("{}-{:02}-{:04}", model.replace('-', ""), at, chance.below(10_000));
            let site = chance.pick(&sites).name.clone();
            Equipment {
                name: name.to_owned(),
                kind: kind.to_owned(),
                model: model.to_owned(),
                serial,
                site,
                place: String::new(),
                versions: String::new(),
                // No draw of its own: what else follows from the seed stays as it is.
                warranty_days: Some((number * 37 + at * 211) as i64 % 1_500 - 200),
            }
        })
        .collect();
    let (contract, critical) = *chance.pick(&CONTRACTS);
    Customer {
        key: format!("customer{number}"),
        name: format!("{city}{trade}{branch}"),
        address,
        contract: contract.to_owned(),
        notes: String::new(),
        sites,
        contacts,
        equipment,
        backups: Vec::new(),
        service: Vec::new(),
        inspection_days: None,
        levels: vec![("critical".to_owned(), critical)],
    }
}
