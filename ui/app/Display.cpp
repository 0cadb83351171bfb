#include "ui/app/Display.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <QByteArray>
#include <QFileInfo>
#include <cstdio>
#include <cstring>
#include <vector>

namespace chancery::ui {
namespace {

/// `abstract`: in Linux's own name space, without a file.
bool answers(const QByteArray& path, bool abstract) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const size_t offset = abstract ? 1 : 0;
    if (static_cast<size_t>(path.size()) + offset >= sizeof address.sun_path) return false;
    std::memcpy(address.sun_path + offset, path.constData(), static_cast<size_t>(path.size()));
    const int file = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (file < 0) return false;
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + offset +
                                               static_cast<size_t>(path.size()));
    const bool good = ::connect(file, reinterpret_cast<const sockaddr*>(&address), length) == 0;
    ::close(file);
    return good;
}

bool waylandAnswers() {
    const QByteArray name = qgetenv("WAYLAND_DISPLAY");
    if (name.isEmpty()) return false;
    return answers(name.startsWith('/') ? name : qgetenv("XDG_RUNTIME_DIR") + '/' + name, false);
}

/// ":0", ":0.0", "unix:0"; a display on another host is believed.
bool xAnswers() {
    const QByteArray display = qgetenv("DISPLAY");
    const auto colon = display.lastIndexOf(':');
    if (colon < 0) return false;
    const QByteArray host = display.left(colon);
    if (!host.isEmpty() && host != "unix") return true;
    const QByteArray path = "/tmp/.X11-unix/X" + display.mid(colon + 1).split('.').first();
    return answers(path, true) || answers(path, false);
}

}  // namespace

bool displayReachable() {
    const QByteArray platform = qgetenv("QT_QPA_PLATFORM");
    if (!platform.isEmpty() && !platform.startsWith("xcb") && !platform.startsWith("wayland"))
        return true;
    return waylandAnswers() || xAnswers();
}

int runCommandLine(const QString& program, const QStringList& ledger) {
    const QByteArray path =
        (QFileInfo(program).absolutePath() + QStringLiteral("/chanceryctl")).toLocal8Bit();
    std::vector<QByteArray> arguments{path};
    if (ledger.isEmpty()) {
        arguments.emplace_back("--help");
    } else {
        arguments.insert(arguments.end(), {"ledger", "verify"});
        for (const QString& each : ledger) arguments.push_back(each.toLocal8Bit());
    }
    QByteArray line = "chanceryctl";
    for (size_t i = 1; i < arguments.size(); ++i) line += ' ' + arguments[i];
    std::fprintf(stderr, "chancery: there is no display, so this runs instead: %s\n",
                 line.constData());
    std::vector<char*> pointers;
    for (QByteArray& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    ::execv(path.constData(), pointers.data());
    std::fprintf(stderr, "chancery: %s cannot be started: %s\n", path.constData(),
                 std::strerror(errno));
    return 1;
}

}  // namespace chancery::ui
