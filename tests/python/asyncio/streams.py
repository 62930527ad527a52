# Streams and datagrams over the loopback, a socket pair, a child process.
import asyncio
import socket
import sys


async def serve(reader, writer):
    while line := await reader.readline():
        writer.write(line.upper())
        await writer.drain()
    writer.close()
    await writer.wait_closed()


class Echo(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        self.transport.sendto(data[::-1], addr)


class Client(asyncio.DatagramProtocol):
    def __init__(self, future):
        self.future = future

    def datagram_received(self, data, addr):
        self.future.set_result(data)


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    async with server:
        reader, writer = await asyncio.open_connection(host, port)
        for word in (b"one\n", b"two\n", b"x" * 50000 + b"\n"):
            writer.write(word)
            answer = await reader.readline()
            print(len(answer), answer[:4])
        writer.write_eof()
        print(await reader.read())
        writer.close()
        await writer.wait_closed()

        async def client(n):
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(b"client %d\n" % n)
            answer = await reader.readuntil()
            writer.close()
            await writer.wait_closed()
            return answer

        print(await asyncio.gather(*(client(n) for n in range(5))))

    a, b = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=a)
    _, other = await asyncio.open_connection(sock=b)
    other.write(b"through a pair")
    print(await reader.readexactly(14))
    writer.close()
    other.close()

    loop = asyncio.get_running_loop()
    a, b = socket.socketpair()
    a.setblocking(False)
    b.setblocking(False)
    await loop.sock_sendall(a, b"sock_sendall")
    print(await loop.sock_recv(b, 100))
    a.close()
    b.close()

    transport, _ = await loop.create_datagram_endpoint(Echo, local_addr=("127.0.0.1", 0))
    future = loop.create_future()
    client, _ = await loop.create_datagram_endpoint(
        lambda: Client(future), remote_addr=transport.get_extra_info("sockname")
    )
    client.sendto(b"datagram")
    print(await asyncio.wait_for(future, 10))
    client.close()
    transport.close()

    process = await asyncio.create_subprocess_exec(
        "/bin/sh", "-c", "read x; echo got $x; exit 3",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )
    print(await process.communicate(b"input\n"), process.returncode)
    process = await asyncio.create_subprocess_shell("exit 5")
    print(await process.wait())


asyncio.run(main())
