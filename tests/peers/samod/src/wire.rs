//! Websockets as samod wants them, on both sides: each of its messages is one binary message.

use std::io::{Error, ErrorKind};

use anyhow::Result;
use futures_util::future::{BoxFuture, ready};
use futures_util::{SinkExt, StreamExt};
use samod::{DialError, Dialer, Transport};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{Error as SocketError, Message};
use tokio_tungstenite::{WebSocketStream, accept_async, client_async};
use url::Url;

/// Connects to a server on this machine.
pub(crate) struct Local {
    url: Url,
    port: u16,
}

impl Local {
    pub(crate) fn at(port: u16) -> Result<Self> {
        Ok(Self { url: url(port)?, port })
    }
}

impl Dialer for Local {
    type Error = Error;

    fn url(&self) -> Url {
        self.url.clone()
    }

    fn connect(&self) -> BoxFuture<'static, Result<Transport, DialError<Error>>> {
        let (url, port) = (self.url.clone(), self.port);
        let connected = async move {
            let socket = TcpStream::connect(("127.0.0.1", port)).await?;
            socket.set_nodelay(true)?;
            let (socket, _) = client_async(url.as_str(), socket).await?;
            Ok(transport(socket))
        };
        let failed = |error: SocketError| {
            // Trying again would only hide that nobody listens.
            DialError::PermanentFailure(Error::new(ErrorKind::NotConnected, error))
        };
        Box::pin(async move { connected.await.map_err(failed) })
    }
}

/// Where a server on this machine is.
pub(crate) fn url(port: u16) -> Result<Url> {
    Ok(Url::parse(&format!("ws://127.0.0.1:{port}/"))?)
}

/// The server's side.
pub(crate) async fn accepted(socket: TcpStream) -> Result<Transport> {
    socket.set_nodelay(true)?;
    Ok(transport(accept_async(socket).await?))
}

fn transport(socket: WebSocketStream<TcpStream>) -> Transport {
    let (sink, stream) = socket.split();
    let sink = sink.with(|bytes: Vec<u8>| ready(Ok::<_, SocketError>(Message::binary(bytes))));
    let stream = stream.filter_map(|message| {
        ready(match message {
            Ok(Message::Binary(bytes)) => Some(Ok(bytes.to_vec())),
            // Pings are answered below; nothing else is said.
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        })
    });
    Transport::new(stream, sink)
}
