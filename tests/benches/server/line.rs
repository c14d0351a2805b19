//! One phone's connection, as lean as a client can be: bytes that were prepared beforehand go out,
//! an answer comes in. What takes time is the server, not a library for HTTP.

use std::io;

use docket_client_core::Request;
use docket_tests::Answer;
use tokio::net::TcpStream;

/// A connection that the server has taken up.
pub(crate) struct Line {
    stream: TcpStream,
}

/// An answer, and what it took on the wire, headers included.
pub(crate) struct Heard {
    pub(crate) answer: Answer,
    pub(crate) bytes: usize,
}

/// A phone's request as it goes over the wire.
pub(crate) fn written(request: &Request, url: &str) -> Vec<u8> {
    let authorization = request.authorization.as_deref().unwrap_or_default();
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: {}\r\ncontent-type: {}\r\nauthorization: {authorization}\r\n\
         accept-encoding: zstd\r\ncontent-length: {}\r\n\r\n",
        request.path,
        address(url),
        request.content_type,
        request.body.len(),
    );
    [head.as_bytes(), &request.body].concat()
}

fn address(url: &str) -> &str {
    url.trim_start_matches("http://")
}

impl Line {
    /// Connects and says hello, as a phone back in coverage has done before it syncs.
    pub(crate) async fn open(url: &str) -> Self {
        let stream = TcpStream::connect(address(url)).await.expect("the server listens");
        stream.set_nodelay(true).expect("a socket");
        let mut line = Self { stream };
        let hello = format!("GET /healthz HTTP/1.1\r\nhost: {}\r\n\r\n", address(url));
        line.ask(hello.as_bytes()).await;
        line
    }

    /// Sends a request and reads its answer.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Heard {
        self.send(request).await.expect("the server reads");
        let mut bytes = Vec::with_capacity(1_024);
        loop {
            self.read(&mut bytes).await.expect("the server answers");
            if let Some(answer) = whole(&bytes) {
                assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&bytes));
                return Heard { answer, bytes: bytes.len() };
            }
        }
    }

    async fn send(&self, mut rest: &[u8]) -> io::Result<()> {
        while !rest.is_empty() {
            self.stream.writable().await?;
            match self.stream.try_write(rest) {
                Ok(sent) => rest = &rest[sent..],
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn read(&self, bytes: &mut Vec<u8>) -> io::Result<()> {
        let mut piece = [0; 16 * 1_024];
        loop {
            self.stream.readable().await?;
            match self.stream.try_read(&mut piece) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(read) => {
                    bytes.extend_from_slice(&piece[..read]);
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// The answer, once all of it has come. Everything the server says here has a length.
fn whole(bytes: &[u8]) -> Option<Answer> {
    const END: &[u8] = b"\r\n\r\n";
    let head_bytes = bytes.windows(END.len()).position(|piece| piece == END)?;
    let head = std::str::from_utf8(&bytes[..head_bytes]).ok()?;
    let header = |name: &str| {
        let mut lines = head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    };
    let length: usize = header("content-length")?.parse().ok()?;
    let body = bytes.get(head_bytes + END.len()..)?;
    (body.len() >= length).then(|| Answer {
        status: head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default(),
        content_type: header("content-type").unwrap_or_default().to_owned(),
        body: body.to_vec(),
    })
}
