//! `docket verify FILE`: whether an exported proof, or a PDF with one inside, holds, without
//! server, account or network.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use docket_protocol::number::job_number;
use docket_protocol::signoff::Proof;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::terminal::{table, words};
use crate::paper::seal::Seal;
use crate::read_model::signoffs::{outcome_word, purpose_word};
use crate::verdict::{self, Verdict};
use crate::words::Words;

/// Prints the verdict; the exit code says it too.
pub fn run(file: &Path, server_key: Option<&str>) -> Result<ExitCode> {
    let words = words();
    let bytes = std::fs::read(file).map_err(|error| {
        let name = file.display().to_string();
        let variables = [("file", name.into()), ("reason", error.to_string().into())];
        anyhow::anyhow!(words.with("file-unreadable", &variables))
    })?;
    let finding = verdict::examine(&bytes, server_key);
    let trust = match server_key {
        Some(_) => words.get("terminal-key-matches"),
        None => words.get("terminal-compare-key"),
    };
    let printed = finding.seal.map(|seal| said_of_paper(words, seal));
    let changed = verdict::named(words, &finding.changed);
    Ok(match finding.verdict {
        Some(Verdict::Valid(proof)) if finding.seal.is_none_or(|seal| seal == Seal::Whole) => {
            let printed = printed.map_or_else(String::new, |said| format!("\n{said}"));
            let valid = words.get("terminal-valid");
            println!("✓ {valid}{printed}\n\n{}\n{trust}", summary(words, &proof));
            ExitCode::SUCCESS
        }
        Some(Verdict::Valid(proof)) => {
            let reason = words.get("verify-paper-changed-pages");
            println!("✗ {}\n{reason}\n", printed.unwrap_or_default());
            print!("{}", summary(words, &proof));
            ExitCode::FAILURE
        }
        Some(Verdict::OtherServer(proof)) => {
            let reason = words.get("proof-other-server");
            println!("✗ {}: {reason}\n", words.get("terminal-invalid"));
            print!("{}", summary(words, &proof));
            ExitCode::FAILURE
        }
        Some(Verdict::Broken(error)) => {
            let reason = verdict::explain(words, error);
            println!("✗ {}: {reason}", words.get("terminal-invalid"));
            for field in changed {
                println!("  {}: {field}", words.get("verify-changed-fields"));
            }
            ExitCode::FAILURE
        }
        None if finding.seal == Some(Seal::Whole) => {
            println!("✓ {}", words.get("verify-paper-unsigned"));
            ExitCode::SUCCESS
        }
        None => {
            println!("✗ {}", printed.unwrap_or_default());
            ExitCode::FAILURE
        }
    })
}

fn said_of_paper(words: Words, seal: Seal) -> String {
    match seal {
        Seal::Whole => words.get("verify-identical"),
        Seal::Broken => words.get("verify-paper-changed"),
        Seal::None => words.get("verify-paper-none"),
    }
}

fn summary(words: Words, proof: &Proof) -> String {
    let (statement, receipt) = (&proof.statement, &proof.receipt);
    let signatory = &statement.signatory;
    let rows = [
        (words.get("job"), format!("{} {}", job_number(statement.record), title(proof))),
        (words.get("field-organisation"), receipt.organisation.clone()),
        (words.get("field-signoff-purpose"), words.of("purpose", purpose_word(statement.purpose))),
        (words.get("field-signoff-outcome"), words.of("signoff", outcome_word(statement.outcome))),
        (words.get("field-signoff-reservations"), statement.reservations.clone()),
        (words.get("field-signoff-name"), format!("{} {}", signatory.name, signatory.title)),
        (words.get("field-signoff-deputy-reason"), signatory.deputy_reason.clone()),
        (words.get("proof-engineer"), receipt.engineer_name.clone()),
        (words.get("proof-signed-at"), moment(statement.signed_at)),
        (words.get("proof-received-at"), moment(receipt.received_at)),
        (words.get("proof-seq"), format!("#{}", receipt.seq.0)),
        (words.get("field-signoff-digest"), statement.content_digest.clone()),
        (words.get("proof-countersigned"), proof.server_key.clone()),
    ];
    let filled = rows.into_iter().filter(|(_, text)| !text.trim().is_empty());
    table(&filled.map(|(label, text)| vec![label, text]).collect::<Vec<_>>())
}

fn title(proof: &Proof) -> &str {
    proof.content["intake"]["title"].as_str().unwrap_or_default()
}

fn moment(at_ms: i64) -> String {
    let at = Timestamp::from_millisecond(at_ms).ok();
    at.map_or_else(String::new, |at| {
        at.to_zoned_datetime(TimeZone::system()).strftime("%F %T %Z").to_string()
    })
}
