#include "src/usecase/Causes.h"

namespace chancery::usecase {
namespace {

std::optional<WrittenAt> placeOf(const std::optional<protocol::Version>& version) {
    if (!version) return std::nullopt;
    return WrittenAt{version->block, version->transaction};
}

ConflictDescription describe(const verify::ReadConflict& conflict) {
    ConflictDescription description{.contract = conflict.ns,
                                    .collection = conflict.collection,
                                    .key = conflict.key,
                                    .read = placeOf(conflict.read),
                                    .current = placeOf(conflict.current)};
    if (conflict.writer)
        description.writer =
            WrittenAt{conflict.writer->place.block, conflict.writer->place.transaction};
    return description;
}

}  // namespace

CauseDescription describe(const verify::Cause& cause) {
    CauseDescription description{
        .reason = cause.reason, .sentence = cause.sentence, .arguments = cause.arguments};
    if (cause.conflict) description.conflict = describe(*cause.conflict);
    if (cause.phantom) {
        description.conflict = describe(cause.phantom->difference);
        description.range = {cause.phantom->start, cause.phantom->end};
        description.rangeSummarised = cause.phantom->summarised;
    }
    if (cause.original)
        description.original =
            WrittenAt{cause.original->place.block, cause.original->place.transaction};
    return description;
}

}  // namespace chancery::usecase
