//! A photo or file, as somebody attaches it to a job and brings it.

use data_encoding::BASE64;
use docket_protocol::edit::{Edit, NewEntry};
use docket_protocol::ids::{ItemId, RecordId};
use docket_protocol::record::path::Path;
use docket_protocol::signoff::hex_digest;
use docket_protocol::wire::FilePiece;
use docket_server::random::random;
use getrandom::SysRng;
use rand_core::UnwrapErr;

use super::{Answer, Office, Phone};

pub(crate) struct Photo {
    pub(crate) bytes: Vec<u8>,
    pub(crate) sha256: String,
}

impl Photo {
    pub(crate) fn of(bytes: Vec<u8>) -> Self {
        let sha256 = hex_digest(&bytes);
        Self { bytes, sha256 }
    }

    /// The edit that names it.
    pub(crate) fn entry(&self) -> Edit {
        let fields = [
            ("name", "pump.jpg".into()),
            ("sha256", self.sha256.as_str().into()),
            ("bytes", (self.bytes.len() as i64).into()),
            ("media_type", "image/jpeg".into()),
            ("purpose", "work".into()),
        ];
        let fields = fields.map(|(name, value)| (name.to_owned(), value)).into();
        let collection = Path::new("attachments");
        Edit::AddEntry(NewEntry { collection, id: ItemId::new(1, random()), fields })
    }

    pub(crate) fn attach(&self, phone: &mut Phone<'_>, job: RecordId) {
        phone.edit(job, &self.entry());
    }

    /// All of it.
    pub(crate) fn bring(&self, phone: &Phone<'_>) {
        let token = Some(phone.access_token.as_str());
        let (answer, offset) = self.begin(phone.office, token);
        assert_eq!((answer.status, offset), (201, Some(0)), "{}", answer.json());
        let (answer, offset) = self.piece(phone.office, token, 0, self.bytes.len());
        assert_eq!((answer.status, offset), (204, Some(self.bytes.len() as u64)));
    }

    pub(crate) fn begin(&self, office: &Office, token: Option<&str>) -> (Answer, Option<u64>) {
        self.begin_as(office, token, self.bytes.len())
    }

    pub(crate) fn begin_as(
        &self,
        office: &Office,
        token: Option<&str>,
        length: usize,
    ) -> (Answer, Option<u64>) {
        let metadata = format!("sha256 {}", BASE64.encode(self.sha256.as_bytes()));
        let length = length.to_string();
        let headers = [("upload-length", length.as_str()), ("upload-metadata", metadata.as_str())];
        office.tus("POST", "/v1/blobs", token, &headers, &[])
    }

    /// The bytes from one offset to before another.
    pub(crate) fn piece(
        &self,
        office: &Office,
        token: Option<&str>,
        from: usize,
        to: usize,
    ) -> (Answer, Option<u64>) {
        let offset = from.to_string();
        let kind = "application/offset+octet-stream";
        let headers = [("upload-offset", offset.as_str()), ("content-type", kind)];
        office.tus("PATCH", &self.path(), token, &headers, &self.bytes[from..to])
    }

    /// The bytes from one offset to before another, as they leave that phone by hand.
    pub(crate) fn sealed(&self, phone: &Phone<'_>, from: usize, to: usize) -> Vec<u8> {
        let office = phone.office.app.keys.countersign.verifying_key();
        let random = &mut UnwrapErr(SysRng);
        self.as_piece(phone, from, to).seal(&phone.key, &office, random).unwrap()
    }

    /// The same open.
    pub(crate) fn as_piece(&self, phone: &Phone<'_>, from: usize, to: usize) -> FilePiece {
        FilePiece {
            device: phone.device,
            sha256: self.sha256.clone(),
            bytes: self.bytes.len() as u64,
            from: from as u64,
            piece: self.bytes[from..to].to_vec().into(),
        }
    }

    /// How much of it is there.
    pub(crate) fn progress(&self, office: &Office, token: &str) -> (u16, Option<u64>) {
        let (answer, offset) = office.tus("HEAD", &self.path(), Some(token), &[], &[]);
        (answer.status, offset)
    }

    pub(crate) fn path(&self) -> String {
        format!("/v1/blobs/{}", self.sha256)
    }
}
