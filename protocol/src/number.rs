//! The job number people say on the phone: computed from the record's id, never stored.
//!
//! A stored counter would need the server, and two phones offline would take the same one.
//! `D261123-7KQ4M`: the day the record was opened (UTC), then 25 bits of its id in an alphabet
//! without look-alikes. Unique enough to talk about; the id decides.

use crate::ids::RecordId;

const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// The number shown for a record.
pub fn job_number(id: RecordId) -> String {
    let bytes = id.as_bytes();
    let mut millis = [0_u8; 8];
    millis[2..].copy_from_slice(&bytes[..6]);
    let (year, month, day) = civil_from_days(u64::from_be_bytes(millis) / 86_400_000);
    let tail = u32::from_be_bytes([bytes[12], bytes[13], bytes[14], bytes[15]]);
    let letters: String =
        (0..5).map(|place| char::from(ALPHABET[(tail >> (5 * place)) as usize & 31])).collect();
    format!("D{:02}{month:02}{day:02}-{letters}", year % 100)
}

/// Days since 1970-01-01 to (year, month, day), by counting 400-year eras from 1 March.
fn civil_from_days(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_carries_the_day_and_a_short_code() {
        let id = RecordId::new(1_795_478_400_000, [9; 10]);
        let number = job_number(id);
        assert!(number.starts_with("D261124-"), "{number}");
        assert_eq!(number.len(), 13);
    }

    #[test]
    fn leap_day_is_known() {
        assert_eq!(civil_from_days(0), (1970, 1, 1));
        assert_eq!(civil_from_days(19_782), (2024, 2, 29));
    }
}
