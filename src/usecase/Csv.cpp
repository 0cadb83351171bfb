#include "src/usecase/Csv.h"

#include "src/base/Encoding.h"

namespace chancery::usecase {
namespace {

constexpr std::size_t kMaxCellBytes = 32000;  // spreadsheets cut longer ones without a word

std::string cell(std::string_view text) {
    std::string safe = printable(text, kMaxCellBytes);
    // The first character as it stands, too: a tab or line break becomes "\t" by now, which is
    // harmless, but some programs trim quotes and escapes when they guess.
    const bool formula = !text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) !=
                                              std::string_view::npos;
    if (formula) safe.insert(0, 1, '\'');
    if (safe.find_first_of(",\"' ;") == std::string::npos) return safe;
    std::string quoted = "\"";
    for (const char c : safe) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

}  // namespace

std::string csvLine(const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) line += ',';
        line += cell(cells[i]);
    }
    return line + "\r\n";
}

}  // namespace chancery::usecase
