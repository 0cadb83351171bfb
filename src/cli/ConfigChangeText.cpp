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

Json toJson(const std::vector<usecase::ConfigChange>& changes) {
    Json array = Json::array();
    for (const usecase::ConfigChange& change : changes) {
        array.push_back(
            {{"id", change.id}, {"path", bytesToJson(change.path)}, {"sentence", change.sentence}});
        if (!change.details.empty()) array.back()["details"] = toJson(change.details);
    }
    return array;
}

}  // namespace chancery::cli
