#pragma once

// For SentenceIds.cpp: the second half of its table.
#include <span>

namespace chancery::ui {

/// The ids of sentences from N on, in order.
std::span<const char* const> sentenceIdsFromN();

}  // namespace chancery::ui
