#include "node/agent/HostFacts.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <fmt/format.h>
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <memory>
#include <string_view>
#include <thread>

#include "src/base/Descriptor.h"
#include "src/base/File.h"
#include "src/rpc/Endpoint.h"

namespace chancery::agent {
namespace fs = std::filesystem;
namespace {

/// A file of /proc, whose size is not known before.
std::string readProc(const std::string& path) {
    const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "re"), std::fclose);
    std::string text(8192, '\0');
    text.resize(file ? std::fread(text.data(), 1, text.size(), file.get()) : 0);
    return text;
}

/// The number behind a key at the beginning of a line.
std::uint64_t numberBehind(const std::string& text, std::string_view key) {
    std::size_t at = text.find(key);
    if (at == text.npos) return 0;
    at = text.find_first_of("0123456789", at + key.size());
    std::uint64_t number = 0;
    if (at != text.npos) std::from_chars(text.data() + at, text.data() + text.size(), number);
    return number;
}

std::string systemName() {
    utsname kernel{};
    ::uname(&kernel);
    std::string name = kernel.sysname;
    const auto release = readFile("/etc/os-release", 64 << 10);
    constexpr std::string_view key = "PRETTY_NAME=\"";
    if (release.ok())
        if (const std::size_t at = release->find(key); at != release->npos) {
            const std::size_t begin = at + key.size();
            name = release->substr(begin, release->find('"', begin) - begin);
        }
    return fmt::format("{}, {}", name, kernel.machine);
}

/// A socket that listens there; errno says why not.
Descriptor listenAt(const sockaddr* address, socklen_t size) {
    Descriptor socket(::socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int on = 1;
    if (!socket || ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        ::bind(socket.get(), address, size) != 0 || ::listen(socket.get(), 1) != 0)
        return Descriptor();
    return socket;
}

}  // namespace

MachineFacts machineFacts(const fs::path& folder) {
    MachineFacts facts;
    char name[256] = {};
    ::gethostname(name, sizeof name - 1);
    facts.name = name;
    facts.system = systemName();
    facts.processors = std::max(1U, std::thread::hardware_concurrency());
    const std::string memory = readProc("/proc/meminfo");
    facts.memoryBytes = numberBehind(memory, "MemTotal:") << 10;
    facts.freeMemoryBytes = numberBehind(memory, "MemAvailable:") << 10;
    struct statvfs disk {};
    if (::statvfs(folder.c_str(), &disk) == 0) {
        facts.diskBytes = std::uint64_t(disk.f_blocks) * disk.f_frsize;
        facts.freeDiskBytes = std::uint64_t(disk.f_bavail) * disk.f_frsize;
    }
    return facts;
}

ProcessUse processUse(std::int64_t number) {
    ProcessUse use;
    if (number <= 0) return use;
    const std::string stat = readProc(fmt::format("/proc/{}/stat", number));
    // Behind the name, which may have any characters: the 12th and 13th field are times, the 22nd
    // pages.
    std::size_t at = stat.rfind(')');
    if (at == stat.npos) return use;
    std::uint64_t ticks = 0;
    for (int field = 1; field <= 22; ++field) {
        at = stat.find(' ', at + 1);
        if (at == stat.npos) return use;
        std::uint64_t value = 0;
        std::from_chars(stat.data() + at + 1, stat.data() + stat.size(), value);
        if (field == 12 || field == 13) ticks += value;
        if (field == 22) use.memoryBytes = value * static_cast<std::uint64_t>(::getpagesize());
    }
    use.processorSeconds = static_cast<double>(ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
    return use;
}

bool isPaused(std::int64_t number) {
    std::error_code error;
    bool isAny = false;
    for (const auto& thread : fs::directory_iterator(fmt::format("/proc/{}/task", number), error)) {
        const std::string stat = readProc(thread.path() / "stat");
        const std::size_t at = stat.rfind(") ");
        if (at == stat.npos || stat[at + 2] != 'T') return false;
        isAny = true;
    }
    return isAny;
}

std::uint64_t diskUse(const fs::path& folder) {
    std::uint64_t bytes = 0;
    std::error_code error;
    auto each = fs::recursive_directory_iterator(
        folder, fs::directory_options::skip_permission_denied, error);
    for (; !error && each != fs::recursive_directory_iterator(); each.increment(error)) {
        std::error_code gone;
        if (each->symlink_status(gone).type() != fs::file_type::regular || gone) continue;
        const auto size = each->file_size(gone);
        if (!gone) bytes += size;
    }
    return bytes;
}

Status checkListen(const std::string& text) {
    ASSIGN_OR_RETURN(const rpc::Endpoint endpoint, rpc::parseEndpoint(text));
    if (endpoint.isUnix() || endpoint.port == 0) return absl::OkStatus();
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV | AI_PASSIVE;
    addrinfo* found = nullptr;
    const auto notHere = [&] {
        return makeError(StatusCode::kFailedPrecondition, "ADDRESS_NOT_HERE",
                         fmt::format("{} is no address of this machine", endpoint.host),
                         {{"endpoint", text}});
    };
    if (::getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints,
                      &found) != 0)
        return notHere();
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
    if (listenAt(found->ai_addr, found->ai_addrlen)) return absl::OkStatus();
    if (errno == EADDRNOTAVAIL) return notHere();
    return makeError(StatusCode::kAlreadyExists, "PORT_TAKEN",
                     fmt::format("{} is in use or not allowed", text), {{"endpoint", text}});
}

Result<std::vector<std::uint16_t>> FreePorts::take(std::uint32_t count) {
    if (count > kMax)
        return makeError(StatusCode::kInvalidArgument, "TOO_MANY_PORTS",
                         fmt::format("at most {} ports can be asked for", kMax));
    const std::lock_guard lock(m_mutex);
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(m_given, [&](const auto& entry) { return entry.second <= now; });
    std::vector<std::uint16_t> ports;
    std::vector<Descriptor> held;  // so that the system does not give one twice
    while (ports.size() < count && held.size() < 4 * kMax) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        socklen_t size = sizeof address;
        held.push_back(listenAt(reinterpret_cast<const sockaddr*>(&address), size));
        if (!held.back() ||
            ::getsockname(held.back().get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
            break;
        const std::uint16_t port = ntohs(address.sin_port);
        if (m_given.try_emplace(port, now + std::chrono::minutes(1)).second) ports.push_back(port);
    }
    if (ports.size() == count) return ports;
    return makeError(StatusCode::kResourceExhausted, "NO_PORTS",
                     "this machine has not enough free ports");
}

}  // namespace chancery::agent
