#include "src/cli/ProgressBar.h"

#include "src/cli/CellWidth.h"
#include "src/cli/Values.h"

namespace chancery::cli {
namespace {

constexpr std::chrono::milliseconds kRedraw(100);
constexpr std::size_t kBarCells = 24;

std::string bar(double share) {
    constexpr std::string_view kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    const auto eighths = static_cast<std::size_t>(share * kBarCells * 8);
    std::string text;
    for (std::size_t i = 0; i < eighths / 8; ++i) text += "█";
    text += kEighths[eighths % 8];
    while (cellsOf(text) < kBarCells) text += " ";
    return text;
}

}  // namespace

ProgressBar::ProgressBar(std::ostream& err, const Terminal& terminal, std::string doing)
    : m_err(err),
      m_terminal(terminal),
      m_doing(std::move(doing)),
      m_begin(std::chrono::steady_clock::now()) {}

ProgressBar::~ProgressBar() {
    erase();
}

void ProgressBar::show(const usecase::Progress& progress) {
    if (!m_terminal.errIsTerminal) return;
    const auto now = std::chrono::steady_clock::now();
    // Short tasks are done before anybody could read a bar.
    if (now - m_begin < 2 * kRedraw || (m_visible && now - m_drawn < kRedraw)) return;
    m_drawn = now;
    const double seconds = std::chrono::duration<double>(now - m_begin).count();
    const double share = progress.bytesTotal == 0
                             ? 0
                             : std::min(1.0, static_cast<double>(progress.bytesDone) /
                                                 static_cast<double>(progress.bytesTotal));
    std::string line = fmt::format("{} ", m_doing);
    const std::string shown =
        m_terminal.errColours ? "\x1b[36m" + bar(share) + "\x1b[0m" : bar(share);
    std::string tail = fmt::format(" {:3.0f} %", share * 100);
    if (progress.block) tail += fmt::format("  block {}", number(*progress.block));
    tail += fmt::format(
        "  {} blocks/s",
        number(static_cast<std::uint64_t>(static_cast<double>(progress.blocks) / seconds)));
    if (share > 0.02)
        tail += fmt::format("  {} left", duration(absl::Seconds(seconds / share * (1 - share))));
    const std::size_t room = m_terminal.width > cellsOf(line) + kBarCells + 1
                                 ? m_terminal.width - cellsOf(line) - kBarCells - 1
                                 : 0;
    m_err << "\r\x1b[K" << line << shown << cutAtEnd(tail, room) << std::flush;
    m_visible = true;
}

void ProgressBar::erase() {
    if (!m_visible) return;
    m_err << "\r\x1b[K" << std::flush;
    m_visible = false;
}

}  // namespace chancery::cli
