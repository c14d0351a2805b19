//! Where inputs begin: the stored vectors, and a few honest things of each kind.

use std::fs;
use std::path::{Path, PathBuf};

use docket_protocol::ids::{DeviceId, IncarnationId, RecordId, Seq, TenantId, UserId};
use docket_protocol::wire::{
    self, Cursor, HandOver, Parcel, RecordPush, SyncEnvelope, SyncRequest, SyncResponse,
};
use minicbor::bytes::ByteVec;

/// Vectors that are megabytes teach a mutator nothing and cost it much.
const SEED_BYTES_MAX: usize = 64 * 1024;

/// Inputs to begin with.
pub(super) fn of(target: &str) -> Vec<Vec<u8>> {
    let seeds = match target {
        "change" => {
            let crashers = files(&vectors().join("crashers"));
            crashers.into_iter().chain(honest_job()).filter_map(|chunk| body(&chunk)).collect()
        }
        "batch" => batches(),
        "cursor" => vec![wire::to_cbor(&Cursor { seq: Seq(7), tag: [8; 8] }), vec![0x80]],
        "signoff" => signoffs(),
        "document" => {
            let files = files_named("v1", ".automerge");
            files.iter().filter_map(|file| body(file)).collect()
        }
        "csv" => tables(),
        other => panic!("no target is called {other}"),
    };
    let short = |seed: &Vec<u8>| seed.len() <= SEED_BYTES_MAX;
    seeds.into_iter().chain(stored(target)).filter(short).collect()
}

/// Inputs that once broke this target.
pub(super) fn stored(target: &str) -> Vec<Vec<u8>> {
    files(&vectors().join("crashers").join(target))
}

/// Opening the job, a step, a checklist item, a caller.
pub(super) fn honest_job() -> Vec<Vec<u8>> {
    let stored = fs::read(vectors().join("v1/job.changes")).expect("the stored job");
    let mut rest = stored.as_slice();
    let mut changes = Vec::new();
    while !rest.is_empty() {
        let (length, at) = length(&rest[9..]);
        let (chunk, after) = rest.split_at(9 + at + length);
        changes.push(chunk.to_vec());
        rest = after;
    }
    changes
}

/// A chunk without its header.
fn body(chunk: &[u8]) -> Option<Vec<u8>> {
    let (_, at) = chunk.get(9..).filter(|rest| rest.len() > 10).map(length)?;
    chunk.get(9 + at..).map(<[u8]>::to_vec)
}

/// A LEB128 length and how many bytes it takes.
fn length(bytes: &[u8]) -> (usize, usize) {
    let mut length = 0;
    for (at, byte) in bytes.iter().take(9).enumerate() {
        length |= usize::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return (length, at + 1);
        }
    }
    (length, bytes.len().min(9))
}

fn batches() -> Vec<Vec<u8>> {
    let changes = honest_job().into_iter().map(Into::into).collect();
    let request = SyncRequest {
        version: wire::VERSION,
        device: DeviceId::new(1, [1; 10]),
        incarnation: IncarnationId::new(2, [2; 10]),
        cursor: Some(Cursor { seq: Seq(7), tag: [8; 8] }),
        sent_at: 1_795_000_000_000,
        pushes: vec![RecordPush { record: RecordId::new(3, [3; 10]), changes }],
        ..SyncRequest::default()
    };
    let body = wire::to_cbor(&request);
    let raw = |cbor: Vec<u8>| [vec![0], cbor].concat();
    let envelope = SyncEnvelope { body: body.into(), signature: [9; 64] };
    let answer = SyncResponse::default();
    let file = HandOver {
        tenant: TenantId::new(4, [4; 10]),
        record: RecordId::new(3, [3; 10]),
        to: UserId::new(5, [5; 10]),
        document: honest_job().concat().into(),
        authors: Vec::new(),
        parcel: Parcel { batches: vec![envelope.clone()], ..Parcel::default() },
    };
    vec![
        raw(wire::to_cbor(&file)),
        wire::pack(&envelope),
        wire::pack(&file),
        raw(wire::to_cbor(&envelope)),
        wire::pack(&answer),
        raw(wire::to_cbor(&answer)),
    ]
}

fn signoffs() -> Vec<Vec<u8>> {
    let proofs = files_named("v1", ".proof.json");
    let statements = proofs.iter().filter_map(|proof| {
        let proof: serde_json::Value = serde_json::from_slice(proof).ok()?;
        Some(proof["statement"].to_string().into_bytes())
    });
    let statements: Vec<_> = statements.collect();
    proofs.into_iter().chain(statements).collect()
}

fn tables() -> Vec<Vec<u8>> {
    let chinese =
        "日期,问题描述,问题分类,解决方案,处理人\n2026-07-01,水泵异响,机械,更换轴承,林涛\n";
    let english = "date,description,category,solution,handler\n\
                   2026-07-01,\"Flow meter, reads \"\"high\"\"\",meter,Cleaned the sensor,Ada\n";
    // The same in GB18030: 日期,问题描述
    let gb18030 = b"\xc8\xd5\xc6\xda,\xce\xca\xcc\xe2\xc3\xe8\xca\xf6\n2026/7/1,x\n".to_vec();
    vec![chinese.into(), english.into(), gb18030, "\u{feff}date\n".into()]
}

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

fn files_named(folder: &str, ending: &str) -> Vec<Vec<u8>> {
    let named = |path: &PathBuf| {
        let name = path.to_string_lossy();
        name.trim_end_matches(".packed").ends_with(ending)
    };
    paths(&vectors().join(folder)).into_iter().filter(named).map(|path| read(&path)).collect()
}

fn files(folder: &Path) -> Vec<Vec<u8>> {
    paths(folder).iter().map(|path| read(path)).collect()
}

/// Files of a folder in the order of their names; none when there is no such folder.
fn paths(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<_> =
        entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    paths.sort();
    paths
}

fn read(path: &Path) -> Vec<u8> {
    let stored = fs::read(path).expect("a readable vector");
    if path.extension().is_some_and(|ending| ending == "packed") {
        let unpacked = wire::unpack::<ByteVec>(&stored, 128 << 20).expect("a packed vector");
        return unpacked.into();
    }
    stored
}
