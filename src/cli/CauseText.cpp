#include "src/cli/CauseText.h"

#include "src/cli/Values.h"

namespace chancery::cli {
namespace {

using usecase::ConflictDescription;

std::string keyOf(const ConflictDescription& conflict) {
    if (conflict.collection.empty()) return fmt::format("\"{}\"", keyText(conflict.key));
    return fmt::format("the key with hash {} of collection {}", shortHash(conflict.key),
                       conflict.collection);
}

std::string writerOf(const ConflictDescription& conflict) {
    return conflict.writer ? "transaction " + shortPlace(*conflict.writer)
                           : std::string("another transaction");
}

std::string changed(const ConflictDescription& conflict) {
    if (!conflict.current) return "deleted it";
    return conflict.read ? "changed it" : "created it";
}

}  // namespace

std::string causeText(const usecase::CauseDescription& cause) {
    if (cause.range) {
        const std::string range =
            fmt::format("It had queried the keys from \"{}\" to \"{}\"",
                        keyText(cause.range->first), keyText(cause.range->second));
        if (cause.rangeSummarised || !cause.conflict || cause.conflict->key.empty())
            return range + "; the result would be another one now.";
        return fmt::format("{}; meanwhile {} {} {}.", range, writerOf(*cause.conflict),
                           !cause.conflict->current ? "deleted"
                           : cause.conflict->read   ? "changed"
                                                    : "created",
                           keyOf(*cause.conflict));
    }
    if (cause.conflict) {
        const ConflictDescription& conflict = *cause.conflict;
        const std::string as =
            conflict.read ? fmt::format("as block {} had left it", number(conflict.read->block))
                          : std::string("when it did not exist");
        return fmt::format("It had read {} {}; meanwhile {} {}.", keyOf(conflict), as,
                           writerOf(conflict), changed(conflict));
    }
    if (cause.original)
        return fmt::format("Transaction {} has the same id.", shortPlace(*cause.original));
    return cause.sentence;
}

}  // namespace chancery::cli
