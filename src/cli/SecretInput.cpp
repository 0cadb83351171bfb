#include "src/cli/SecretInput.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "src/base/Descriptor.h"

namespace chancery::cli {
namespace {

constexpr std::size_t kMostSecretBytes = 1024;

/// A line that grows by single bytes and never leaves a copy behind.
class SecretLine {
public:
    SecretLine() : m_room(crypto::Secret::ofSize(kMostSecretBytes)) {}
    bool add(char c) {
        if (m_size == kMostSecretBytes) return false;
        m_room.data()[m_size++] = c;
        return true;
    }
    void eraseLast() {
        // A character of UTF-8 ends with its first byte.
        while (m_size > 0 && (static_cast<unsigned char>(m_room.data()[--m_size]) & 0xC0) == 0x80) {
        }
    }
    void clear() { m_size = 0; }
    std::size_t size() const { return m_size; }
    crypto::Secret take() {
        m_room.shorten(m_size);
        return std::move(m_room);
    }

private:
    crypto::Secret m_room;
    std::size_t m_size = 0;
};

Status tooLong() {
    return makeError(StatusCode::kInvalidArgument, "SECRET_TOO_LONG",
                     fmt::format("more than {} bytes", kMostSecretBytes));
}

Result<crypto::Secret> readLine(int descriptor) {
    SecretLine line;
    // Byte by byte, so that what follows stays for the next question.
    for (char c = 0;;) {
        const ssize_t got = ::read(descriptor, &c, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 || (got == 0 && line.size() == 0))
            return makeError(StatusCode::kInvalidArgument, "NO_SECRET",
                             fmt::format("there is nothing to read from descriptor {}", descriptor),
                             {{"descriptor", std::to_string(descriptor)}});
        if (got == 0 || c == '\n') return line.take();
        if (!line.add(c)) return tooLong();
    }
}

/// No echo and no line editing by the terminal while it lives, and no signal that would leave it
/// so.
class QuietTerminal {
public:
    explicit QuietTerminal(int terminal) : m_terminal(terminal) {
        sigset_t wanted;
        ::sigemptyset(&wanted);
        for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGTSTP}) ::sigaddset(&wanted, signal);
        ::pthread_sigmask(SIG_BLOCK, &wanted, &m_mask);
        m_signals = Descriptor(::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
        m_good = ::tcgetattr(terminal, &m_before) == 0;
        termios quiet = m_before;
        quiet.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | ISIG);
        m_good = m_good && ::tcsetattr(terminal, TCSAFLUSH, &quiet) == 0;
    }
    ~QuietTerminal() {
        if (m_good) ::tcsetattr(m_terminal, TCSAFLUSH, &m_before);
        ::pthread_sigmask(SIG_SETMASK, &m_mask, nullptr);
    }
    QuietTerminal(const QuietTerminal&) = delete;
    QuietTerminal& operator=(const QuietTerminal&) = delete;

    bool good() const { return m_good; }
    /// The next byte; nothing when a signal came or the terminal has gone.
    std::optional<char> next() const {
        pollfd wait[] = {{m_terminal, POLLIN, 0}, {m_signals.get(), POLLIN, 0}};
        while (::poll(wait, 2, -1) < 0)
            if (errno != EINTR) return std::nullopt;
        char c = 0;
        if (wait[1].revents != 0 || ::read(m_terminal, &c, 1) != 1) return std::nullopt;
        return c;
    }

private:
    int m_terminal;
    termios m_before{};
    sigset_t m_mask{};
    Descriptor m_signals;
    bool m_good = false;
};

void say(int terminal, std::string_view text) {
    const ssize_t written = ::write(terminal, text.data(), text.size());
    static_cast<void>(written);  // a terminal that takes no text takes no answer either
}

Result<crypto::Secret> ask(std::string_view question) {
    const Descriptor terminal(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!terminal)
        return makeError(StatusCode::kFailedPrecondition, "NO_TERMINAL",
                         fmt::format("\"{}\" cannot be asked: there is no terminal", question));
    const QuietTerminal quiet(terminal.get());
    if (!quiet.good())
        return makeError(StatusCode::kFailedPrecondition, "NO_TERMINAL",
                         "the terminal cannot be told to hide what is typed");
    say(terminal.get(), fmt::format("{}: ", question));
    SecretLine line;
    while (true) {
        const auto c = quiet.next();
        const bool stopped = !c || *c == '\x03' || (*c == '\x04' && line.size() == 0);
        if (stopped || *c == '\n' || *c == '\r') say(terminal.get(), "\n");
        if (stopped) return makeError(StatusCode::kCancelled, "STOPPED", "stopped by the user");
        if (*c == '\n' || *c == '\r') return line.take();
        if (*c == '\x7F' || *c == '\b')
            line.eraseLast();
        else if (*c == '\x15')  // Ctrl+U
            line.clear();
        else if (static_cast<unsigned char>(*c) >= 0x20 && !line.add(*c))
            return tooLong();
    }
}

Result<int> descriptorOf(std::uint64_t number) {
    if (number <= 1'000'000 && ::fcntl(int(number), F_GETFD) >= 0) return int(number);
    return makeError(StatusCode::kInvalidArgument, "NO_SECRET",
                     fmt::format("descriptor {} is not open", number),
                     {{"descriptor", std::to_string(number)}});
}

}  // namespace

Result<crypto::Secret> readSecret(const std::optional<std::uint64_t>& descriptor,
                                  std::string_view question) {
    if (!descriptor) return ask(question);
    ASSIGN_OR_RETURN(const int number, descriptorOf(*descriptor));
    return readLine(number);
}

Result<crypto::Secret> readNewSecret(const std::optional<std::uint64_t>& descriptor,
                                     std::string_view question) {
    ASSIGN_OR_RETURN(crypto::Secret first, readSecret(descriptor, question));
    if (descriptor) return first;
    ASSIGN_OR_RETURN(const crypto::Secret second, ask(fmt::format("{}, once more", question)));
    if (first.view() != second.view())
        return makeError(StatusCode::kInvalidArgument, "SECRETS_DIFFER",
                         "the two are not the same");
    return first;
}

Result<crypto::Secret> AskedSecret::read(const std::string&) {
    return readSecret(m_descriptor, "Passphrase of the workspace");
}
Status AskedSecret::keep(const std::string&, const crypto::Secret&) {
    return makeError(StatusCode::kUnimplemented, "NOT_KEPT", "a terminal keeps no passphrase");
}
Status AskedSecret::forget(const std::string&) {
    return makeError(StatusCode::kUnimplemented, "NOT_KEPT", "a terminal keeps no passphrase");
}

}  // namespace chancery::cli
