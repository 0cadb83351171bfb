#include "src/cli/Terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace chancery::cli {
namespace {

constexpr std::size_t kNarrowestTerminal = 40;
constexpr std::size_t kWidest = 1000;

std::size_t windowWidthOf(int descriptor) {
    winsize size{};
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace

Terminal Terminal::from(ColourChoice choice, bool outIsTerminal, bool errIsTerminal,
                        std::size_t windowWidth, const Environment& environment) {
    const auto variable = [&](const char* name) {
        const char* value = environment(name);
        return std::string_view(value == nullptr ? "" : value);
    };
    Terminal terminal;
    terminal.outIsTerminal = outIsTerminal;
    terminal.errIsTerminal = errIsTerminal;
    const bool wanted = variable("NO_COLOR").empty() && variable("TERM") != "dumb";
    const auto colours = [&](bool isTerminal) {
        return choice == ColourChoice::Always ||
               (choice == ColourChoice::Auto && isTerminal && wanted);
    };
    terminal.outColours = colours(outIsTerminal);
    terminal.errColours = colours(errIsTerminal);
    std::size_t asked = 0;
    const std::string_view columns = variable("COLUMNS");
    const auto read = std::from_chars(columns.data(), columns.data() + columns.size(), asked);
    if (read.ec != std::errc{} || read.ptr != columns.data() + columns.size()) asked = 0;
    terminal.cuts = outIsTerminal || asked > 0;
    if (asked > 0 || windowWidth > 0)
        terminal.width = std::clamp(asked > 0 ? asked : windowWidth, kNarrowestTerminal, kWidest);
    return terminal;
}

Terminal Terminal::detect(ColourChoice choice) {
    const bool out = isatty(STDOUT_FILENO) == 1;
    const bool err = isatty(STDERR_FILENO) == 1;
    const std::size_t window = out   ? windowWidthOf(STDOUT_FILENO)
                               : err ? windowWidthOf(STDERR_FILENO)
                                     : 0;
    return from(choice, out, err, window, [](const char* name) { return std::getenv(name); });
}

}  // namespace chancery::cli
