#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Sentence.h"

namespace chancery::channel {
class Bundle;
}

namespace chancery::usecase {

/// What the argument of a call to the contract lifecycle means: names and values for a person.
/// Empty when the function is not one of those that are sent to be ordered, or the argument cannot
/// be read.
std::vector<std::pair<Sentence, Sentence>> describeLifecycleCall(std::string_view function,
                                                                 BytesView argument,
                                                                 const channel::Bundle* bundle);

}  // namespace chancery::usecase
