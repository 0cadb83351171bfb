#include "src/cli/ConfigChangeText.h"

namespace chancery::cli {
namespace {

Text markOf(const usecase::ConfigChange& change) {
    if (change.id.ends_with("_ADDED")) return good("+");
    if (change.id.ends_with("_REMOVED")) return bad("−");
    return warning("~");
}

}  // namespace

void printChanges(Printer& out, const std::vector<usecase::ConfigChange>& changes,
                  std::size_t indent, bool details) {
    for (const usecase::ConfigChange& change : changes) {
        out.item(markOf(change), change.sentence, indent);
        if (details) printChanges(out, change.details, indent + 2);
    }
}

}  // namespace chancery::cli
