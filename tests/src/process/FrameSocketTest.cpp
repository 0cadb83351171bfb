#include "src/process/FrameSocket.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::process;

namespace {

constexpr std::size_t kMost = 1 << 20;

std::pair<Descriptor, Descriptor> connectedSockets() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) std::abort();
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

std::string head(std::uint32_t size) {
    std::string bytes;
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(size >> shift);
    return bytes;
}

void writeAll(const Descriptor& socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(socket.get(), bytes.data(), bytes.size());
        if (written <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

/// What one end was told.
class Heard {
public:
    FrameSocket::Events events() {
        return {[this](std::string_view frame) {
                    const std::lock_guard lock(m_mutex);
                    m_frames.emplace_back(frame);
                    m_changed.notify_all();
                },
                [this](const Status& why) {
                    const std::lock_guard lock(m_mutex);
                    m_end = reasonOf(why);
                    m_changed.notify_all();
                }};
    }
    std::vector<std::string> frames(std::size_t count) {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return m_frames.size() >= count || !m_end.empty(); });
        return m_frames;
    }
    std::string end() {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [&] { return !m_end.empty(); });
        return m_end;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<std::string> m_frames;
    std::string m_end;
};

/// Ends a socket before what its events use goes.
class EndsFirst {
public:
    explicit EndsFirst(FrameSocket& socket) : m_socket(socket) {}
    EndsFirst(const EndsFirst&) = delete;
    ~EndsFirst() {
        m_socket.close();
        m_socket.waitEnd();
    }

private:
    FrameSocket& m_socket;
};

}  // namespace

class FrameSocketTest : public QObject {
    Q_OBJECT
private slots:
    void framesArriveWholeAndInOrder() {
        auto [here, there] = connectedSockets();
        FrameSocket one(std::move(here), kMost), two(std::move(there), kMost);
        Heard heard;
        std::vector<std::string> sent;
        for (const std::size_t size : {0U, 1U, 4U, 65'531U, 65'532U, 65'533U, 3U, 1'048'576U, 2U})
            sent.emplace_back(size, static_cast<char>('a' + sent.size()));
        // Before the other side listens.
        for (const auto& frame : sent) one.send(frame);
        one.start({});
        two.start(heard.events());
        QCOMPARE(heard.frames(sent.size()), sent);
        two.send("back");
        one.close();
        QCOMPARE(heard.end(), std::string("CONNECTION_CLOSED"));
        one.send("dropped");
        one.waitEnd();
        two.waitEnd();
    }

    void theFormIsLengthAndBytes() {
        auto [here, there] = connectedSockets();
        FrameSocket socket(std::move(here), kMost);
        Heard heard;
        socket.start(heard.events());
        const EndsFirst end(socket);
        socket.send(std::string(258, 'x'));
        std::string got(262, '\0');
        QCOMPARE(::recv(there.get(), got.data(), got.size(), MSG_WAITALL), 262);
        QCOMPARE(got, std::string("\x02\x01\0\0", 4) + std::string(258, 'x'));
        // In pieces as small as they get.
        for (const char byte : head(3) + "abc" + head(0) + head(1) + "d")
            writeAll(there, {&byte, 1});
        QCOMPARE(heard.frames(3), (std::vector<std::string>{"abc", "", "d"}));
        // An end in the middle of a frame tells no frame.
        writeAll(there, head(3) + "ab");
        there.reset();
        QCOMPARE(heard.end(), std::string("CONNECTION_CLOSED"));
        QCOMPARE(heard.frames(4).size(), 3U);
    }

    void refusesWhatIsTooLong() {
        auto [here, there] = connectedSockets();
        FrameSocket socket(std::move(here), kMost);
        Heard heard;
        socket.start(heard.events());
        const EndsFirst end(socket);
        writeAll(there, head(1) + "a" + head(kMost + 1) + "b");
        QCOMPARE(heard.end(), std::string("FRAME_TOO_LONG"));
        QCOMPARE(heard.frames(1).size(), 1U);
        char byte = 0;
        QCOMPARE(::recv(there.get(), &byte, 1, 0), 0);
    }

    // A head that promises much makes nothing grow before bytes come.
    void promisesTakeNoMemory() {
        constexpr std::size_t kMuch = 1U << 30;
        const auto peak = [] {
            rusage usage{};
            ::getrusage(RUSAGE_SELF, &usage);
            return usage.ru_maxrss;
        };
        const long before = peak();
        auto [here, there] = connectedSockets();
        FrameSocket socket(std::move(here), kMuch);
        Heard heard;
        socket.start(heard.events());
        const EndsFirst end(socket);
        writeAll(there, head(kMuch) + std::string(100'000, 'x'));
        there.reset();
        QCOMPARE(heard.end(), std::string("CONNECTION_CLOSED"));
        QVERIFY(peak() - before < 64 * 1024);
    }

    void answersFromWithinACall() {
        auto [here, there] = connectedSockets();
        FrameSocket client(std::move(here), kMost), server(std::move(there), kMost);
        Heard heard;
        server.start({[&](std::string_view frame) {
                          server.send(std::string(frame) + "!");
                          // Large ones do not wait for the end of what came together.
                          if (frame == "7") server.send(std::string(kMost, '7'));
                      },
                      {}});
        client.start(heard.events());
        const EndsFirst endClient(client), endServer(server);
        for (int i = 0; i < 2000; ++i) client.send(std::to_string(i));
        const auto frames = heard.frames(2001);
        QCOMPARE(frames.size(), 2001U);
        QCOMPARE(frames[7], std::string("7!"));
        QCOMPARE(frames[8].size(), kMost);
        QCOMPARE(frames[2000], std::string("1999!"));
    }

    void manySendersKeepTheirOrder() {
        constexpr int kSenders = 4, kEach = 3000;
        auto [here, there] = connectedSockets();
        FrameSocket one(std::move(here), kMost), two(std::move(there), kMost);
        std::vector<int> next(kSenders, 0);
        std::atomic<int> wrong = 0;
        std::promise<void> all;
        int told = 0;
        one.start({});
        two.start({[&](std::string_view frame) {
                       const auto sender = static_cast<std::size_t>(frame[0] - 'A');
                       const int number = std::stoi(std::string(frame.substr(1, 8)));
                       if (next[sender]++ != number) ++wrong;
                       if (++told == kSenders * kEach) all.set_value();
                   },
                   {}});
        const EndsFirst endOne(one), endTwo(two);
        std::vector<std::thread> senders;
        for (int sender = 0; sender < kSenders; ++sender)
            senders.emplace_back([&one, sender] {
                for (int i = 0; i < kEach; ++i)
                    one.send(static_cast<char>('A' + sender) +
                             std::to_string(10'000'000 + i).replace(0, 1, "0") +
                             std::string(i % 700, '.'));
            });
        for (auto& sender : senders) sender.join();
        all.get_future().get();
        QCOMPARE(wrong.load(), 0);
    }

    // Nobody waits for an end that does not read, and nothing grows without bound.
    void endsWhenNobodyReads() {
        auto [here, there] = connectedSockets();
        FrameSocket socket(std::move(here), 100'000);
        Heard heard;
        socket.start(heard.events());
        const EndsFirst end(socket);
        for (int i = 0; i < 20; ++i) socket.send(std::string(100'000, 'x'));
        QCOMPARE(heard.end(), std::string("NOT_READING"));
    }

    void mayBeLetGoInACall() {
        auto [here, there] = connectedSockets();
        auto socket = std::make_unique<FrameSocket>(std::move(here), kMost);
        // It outlives the call that fulfils it.
        const auto ended = std::make_shared<std::promise<std::string>>();
        socket->start({[&](std::string_view) { socket.reset(); },
                       [ended](const Status& why) { ended->set_value(reasonOf(why)); }});
        writeAll(there, head(1) + "a" + head(1) + "b");
        QCOMPARE(ended->get_future().get(), std::string("CONNECTION_CLOSED"));
        QVERIFY(!socket);
    }
};

CHANCERY_TEST(FrameSocketTest)
#include "FrameSocketTest.moc"
