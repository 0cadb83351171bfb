#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/channel/Difference.h"

namespace chancery::channel {

/// English templates with {argument} places, one per subject and kind of change; front ends
/// translate by the identifier.
struct SentenceTemplate {
    std::string id;  ///< "BATCH_TIMEOUT_CHANGED"
    std::string text;
};
const std::vector<SentenceTemplate>& sentenceTemplates();

/// Identifier of the template that tells a change.
std::string templateIdOf(const Change& change);

/// One sentence without its details and without a full stop.
std::string toSentence(const Change& change);

/// One line per change; details follow, indented by two spaces for each level.
std::vector<std::string> toSentences(const std::vector<Change>& changes);

}  // namespace chancery::channel
