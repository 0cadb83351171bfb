#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/Bytes.h"

namespace chancery::usecase {

/// One word for each value of a byte: nouns of two syllables and more that everybody knows, no two
/// of which sound alike or are told apart by fewer than three letters; sorted. Our own list.
const std::array<std::string_view, 256>& fingerprintWordList();

/// Words for the first twelve bytes of a digest, joined by spaces: what two people compare by
/// phone. Somebody who wants another content with the same words has to try 2^96 times.
std::string fingerprintWords(BytesView digest);

/// Whether `told` says the same words: any case, spaces, commas or hyphens between them.
bool sameWords(std::string_view told, std::string_view words);

}  // namespace chancery::usecase
