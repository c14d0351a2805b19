//! Who a person is in the organisation, which decides what they may write.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// The role of an account. One person, one account, one role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum Role {
    /// 工程师: works on site, with the phone.
    #[n(0)]
    Engineer,
    /// 用户服务人员: takes calls and dispatches.
    #[n(1)]
    Desk,
    /// 用户服务经理: approves and supervises.
    #[n(2)]
    Manager,
    /// 总裁: gets escalations, reads everything, writes nothing.
    #[n(3)]
    Executive,
    /// 系统管理员: accounts and devices.
    #[n(4)]
    Administrator,
}

impl Role {
    /// Every role, in the order shown to people.
    pub const ALL: [Self; 5] =
        [Self::Engineer, Self::Desk, Self::Manager, Self::Executive, Self::Administrator];

    /// The word used in SQL, JSON and message ids.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Engineer => "engineer",
            Self::Desk => "desk",
            Self::Manager => "manager",
            Self::Executive => "executive",
            Self::Administrator => "administrator",
        }
    }

    /// Reads [`Role::as_str`] back.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// True for the people who see the whole organisation's jobs in the console.
    pub fn sees_all_jobs(self) -> bool {
        self != Self::Engineer
    }
}
