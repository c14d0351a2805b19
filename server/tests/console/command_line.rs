//! `docket` itself, as an operator and a customer run it.

use std::path::Path;
use std::process::{Command, Output};

use docket_server::paper::attached::{CONTENT, PROOF};

use crate::papers::{signed_pdf, with_file};
use crate::support::Office;
use crate::verifying::signed_proof;

fn docket(language: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_docket"));
    command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", language);
    command.args(arguments).output().expect("docket runs")
}

fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> String {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

#[test]
fn verify_says_it_in_words_and_by_its_exit_code() {
    let office = Office::open();
    let folder = tempfile::tempdir().unwrap();
    let proof = signed_proof(&office);
    let good = write(folder.path(), "good.json", &proof);
    let text = String::from_utf8(proof).unwrap().replace("Worn bearing", "Worn Bearing");
    let bad = write(folder.path(), "bad.json", text.as_bytes());
    let key = office.app.keys.server_key();

    let valid = docket("en_GB.UTF-8", &["verify", &good]);
    assert!(valid.status.success(), "{}", said(&valid));
    assert!(said(&valid).contains("✓ Valid") && said(&valid).contains("Wang Min"));
    assert!(docket("C", &["verify", &good, "--server-key", &key]).status.success());
    let other = docket("C", &["verify", &good, "--server-key", &key.replace(['a', 'b'], "c")]);
    assert_eq!(other.status.code(), Some(1));
    assert!(said(&other).contains("countersigned by another key"), "{}", said(&other));
    let broken = docket("zh_CN.UTF-8", &["verify", &bad]);
    assert_eq!(broken.status.code(), Some(1));
    assert!(said(&broken).contains("内容不是签字时的内容"), "{}", said(&broken));
    let missing = docket("C", &["verify", "/nowhere/proof.json"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(said(&missing).contains("cannot be read"));
}

#[test]
fn verify_takes_the_pdf_too_and_names_the_field_that_was_changed() {
    let office = Office::open();
    let folder = tempfile::tempdir().unwrap();
    let pdf = signed_pdf(&office);
    let good = docket("en", &["verify", &write(folder.path(), "good.pdf", &pdf)]);
    assert!(good.status.success(), "{}", said(&good));
    assert!(said(&good).contains("Identical") && said(&good).contains("Wang Min"));
    let other = with_file(&pdf, PROOF, |proof| proof.replace("Worn bearing", "Worn seal"));
    let other = docket("en", &["verify", &write(folder.path(), "other.pdf", &other)]);
    assert_eq!(other.status.code(), Some(1));
    assert!(said(&other).contains("Changed: Cause"), "{}", said(&other));
    let pages = with_file(&pdf, CONTENT, |content| format!("{content} "));
    let pages = docket("en", &["verify", &write(folder.path(), "pages.pdf", &pages)]);
    assert_eq!(pages.status.code(), Some(1));
    assert!(said(&pages).contains("its pages may say anything"), "{}", said(&pages));
    let none = docket("zh", &["verify", &write(folder.path(), "none.pdf", b"%PDF-1.7")]);
    assert_eq!(none.status.code(), Some(1));
    assert!(said(&none).contains("不是由 Docket 打印"), "{}", said(&none));
}

#[test]
fn a_table_goes_in_and_comes_out() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").display().to_string();
    let mut add = Command::new(env!("CARGO_BIN_EXE_docket"));
    add.args(["user", "add", "--data", &data, "--login", "mei", "--name", "陈美"]);
    add.args(["--role", "desk", "--password-stdin"]).stdin(std::process::Stdio::piped());
    let mut add = add.spawn().unwrap();
    std::io::Write::write_all(&mut add.stdin.take().unwrap(), b"long enough\n").unwrap();
    assert!(add.wait().unwrap().success());

    let table = "日期,问题描述,问题分类,解决方案,处理人\n\
        2026-11-03,打印机卡纸,打印机,清理进纸轮,王建国\n明天,网络不通,网络,,李娜\n";
    let (bytes, _, _) = encoding_rs::GB18030.encode(table);
    let file = write(folder.path(), "records.csv", &bytes);
    let import = docket("zh_CN.UTF-8", &["import", "jobs", &file, "--data", &data]);
    assert!(import.status.success(), "{}", said(&import));
    for part in ["GB18030", "读取 2 行", "新建 1 张工单", "1 行未导入", "3", "不是明确的日期"]
    {
        assert!(said(&import).contains(part), "{part}: {}", said(&import));
    }
    let again = docket("en", &["import", "jobs", &file, "--data", &data]);
    assert!(said(&again).contains("0 jobs opened") && said(&again).contains("1 already there"));
    let export = docket("zh_CN.UTF-8", &["export", "jobs", "--data", &data]);
    let csv = String::from_utf8(export.stdout).unwrap();
    assert!(csv.contains("2026-11-03,打印机卡纸,打印机,清理进纸轮,王建国,,,,"), "{csv}");
    let before = docket("en", &["export", "jobs", "--data", &data, "--to", "2026-11-02"]);
    assert!(!String::from_utf8(before.stdout).unwrap().contains("打印机"));
    let nobody = docket("en", &["import", "jobs", &file, "--data", &data, "--as", "eve"]);
    assert!(!nobody.status.success() && said(&nobody).contains("eve"), "{}", said(&nobody));
}

#[test]
fn a_running_servers_folder_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let clock = docket_server::clock::Clock::default();
    let _running = docket_server::app::App::open(&data, clock).unwrap();
    let file = write(folder.path(), "records.csv", b"date,description\n2026-11-03,x\n");
    let import = docket("en", &["import", "jobs", &file, "--data", &data.display().to_string()]);
    assert_eq!(import.status.code(), Some(1));
    assert!(said(&import).contains("A Docket server is running"), "{}", said(&import));
}

#[test]
fn a_table_that_is_none_is_refused_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().display().to_string();
    for (bytes, reason) in [
        (b"".as_slice(), "The file is empty"),
        (b"a,b,c\n1,2,3\n", "must name the columns"),
        (b"\x00\x01\x02", "must name the columns"),
    ] {
        let file = write(folder.path(), "records.csv", bytes);
        let import = docket("en", &["import", "jobs", &file, "--data", &data]);
        assert_eq!(import.status.code(), Some(1));
        assert!(said(&import).contains(reason), "{}", said(&import));
    }
}
