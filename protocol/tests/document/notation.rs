//! CBOR for people: diagnostic notation (RFC 8949, section 8) with the names of the fields, in
//! lines that fit, and hexadecimal.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::HEXLOWER;
use minicbor::Decoder;
use minicbor::data::Type;

use crate::source::Field;

const LINE_CHARS: usize = 96;
/// Longer byte strings are cut in the notation; the hexadecimal below it is whole.
const BYTES_SHOWN: usize = 32;
/// Longer examples are files beside the document instead of shown byte by byte.
const HEX_BYTES_MAX: usize = 480;

enum Node {
    Leaf(String),
    List(Vec<Node>),
}

/// Writes values down, and remembers of which types and variants it has shown one.
pub(crate) struct Scribe<'a> {
    types: &'a BTreeMap<String, Vec<Field>>,
    pub(crate) shown: BTreeSet<String>,
    /// The bytes of what is too long to be shown, by file name.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

impl<'a> Scribe<'a> {
    pub(crate) fn new(types: &'a BTreeMap<String, Vec<Field>>) -> Self {
        Self { types, shown: BTreeSet::new(), files: BTreeMap::new() }
    }

    /// A value of a type in notation and in hexadecimal, as a fenced block.
    pub(crate) fn example(&mut self, kind: &str, cbor: &[u8]) -> String {
        let mut decoder = Decoder::new(cbor);
        let node = read(&mut decoder);
        assert_eq!(decoder.position(), cbor.len(), "one value");
        let fields = &self.types[kind];
        let notation = self.fields(&node, fields, kind, 0);
        if cbor.len() <= HEX_BYTES_MAX {
            return fenced(&format!("{notation}\n\n{}", hex(cbor)));
        }
        let file = format!("{kind}.cbor");
        let said = format!("{notation}\n\n{} bytes, in protocol/examples/{file}", cbor.len());
        self.files.insert(file, cbor.to_vec());
        fenced(&said)
    }

    /// On one line where it fits, else one element a line.
    fn value(&mut self, node: &Node, kind: &str, indent: usize) -> String {
        let kind = kind.trim_end_matches('?');
        let Node::List(inner) = node else { return flat(node) };
        if let Some(element) = kind.strip_prefix('[').and_then(|kind| kind.strip_suffix(']')) {
            let lines = inner.iter().map(|node| self.value(node, element, indent + 2));
            return listed(&lines.collect::<Vec<_>>(), indent);
        }
        let fields = self.types.get(kind).unwrap_or_else(|| panic!("{kind} is a list"));
        if fields[0].name.starts_with(char::is_uppercase) {
            return self.variant(inner, fields, kind, indent);
        }
        self.fields(node, fields, kind, indent)
    }

    /// A variant: its number, and the list of what it holds.
    fn variant(&mut self, inner: &[Node], variants: &[Field], kind: &str, indent: usize) -> String {
        let [Node::Leaf(number), Node::List(held)] = inner else { panic!("{kind} is a pair") };
        let variant = variants
            .iter()
            .find(|variant| variant.number.is_some_and(|known| known.to_string() == *number));
        let variant = variant.unwrap_or_else(|| panic!("{kind} has no {number}"));
        self.shown.insert(format!("{kind}::{}", variant.name));
        let kinds =
            variant.kind.split(", ").map(|kind| kind.split(' ').next_back().unwrap_or(kind));
        let held: Vec<String> =
            held.iter().zip(kinds).map(|(node, kind)| self.value(node, kind, indent)).collect();
        format!("[{number}, [{}]] / {} /", held.join(", "), variant.name)
    }

    /// A struct, one named field a line. Fields at the end that are absent are left out.
    fn fields(&mut self, node: &Node, fields: &[Field], kind: &str, indent: usize) -> String {
        let Node::List(inner) = node else { panic!("{kind} is a list") };
        self.shown.insert(kind.to_owned());
        let pad = " ".repeat(indent + 2);
        let mut lines = Vec::new();
        for (number, node) in (0..).zip(inner) {
            let field = fields.iter().find(|field| field.number == Some(number));
            let field = field.unwrap_or_else(|| panic!("{kind} has no field {number}"));
            let value = self.value(node, &field.kind, indent + 2);
            lines.push(format!("{pad}/ {} / {value}", field.name));
        }
        format!("[\n{}\n{}]", lines.join(",\n"), " ".repeat(indent))
    }
}

/// Text as it is.
pub(crate) fn fenced(text: &str) -> String {
    format!("```text\n{}\n```\n", text.trim_end())
}

/// Bytes in lines.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let lines = bytes.chunks(LINE_CHARS / 2).map(|line| HEXLOWER.encode(line));
    lines.collect::<Vec<_>>().join("\n")
}

fn read(decoder: &mut Decoder<'_>) -> Node {
    match decoder.datatype().expect("CBOR") {
        Type::U8 | Type::U16 | Type::U32 | Type::U64 => {
            Node::Leaf(decoder.u64().expect("a number").to_string())
        }
        Type::Bool => Node::Leaf(decoder.bool().expect("a bool").to_string()),
        Type::Null => {
            decoder.null().expect("null");
            Node::Leaf("null".to_owned())
        }
        Type::Bytes => Node::Leaf(bytes(decoder.bytes().expect("bytes"))),
        Type::String => Node::Leaf(format!("{:?}", decoder.str().expect("text"))),
        Type::Array => {
            let length = decoder.array().expect("an array").expect("a length");
            Node::List((0..length).map(|_| read(decoder)).collect())
        }
        other => panic!("the wire has no {other}"),
    }
}

fn bytes(bytes: &[u8]) -> String {
    match bytes.len() {
        0..=BYTES_SHOWN => format!("h'{}'", HEXLOWER.encode(bytes)),
        length => format!("h'{}…' / {length} bytes /", HEXLOWER.encode(&bytes[..12])),
    }
}

fn listed(values: &[String], indent: usize) -> String {
    let whole = format!("[{}]", values.join(", "));
    let is_short = indent + whole.chars().count() <= LINE_CHARS && !whole.contains('\n');
    if is_short && values.len() < 3 || values.len() == 1 || values.is_empty() {
        return whole;
    }
    let pad = " ".repeat(indent + 2);
    let lines = values.iter().map(|value| format!("{pad}{value}"));
    format!("[\n{}\n{}]", lines.collect::<Vec<_>>().join(",\n"), " ".repeat(indent))
}

fn flat(node: &Node) -> String {
    match node {
        Node::Leaf(text) => text.clone(),
        Node::List(inner) => {
            format!("[{}]", inner.iter().map(flat).collect::<Vec<_>>().join(", "))
        }
    }
}
