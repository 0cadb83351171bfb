#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Ids.h"

namespace chancery::usecase {

/// One thing that differs between two configurations.
struct ConfigChange {
    std::string id;        ///< of the sentence's template, for translation: "BATCH_TIMEOUT_CHANGED"
    std::string path;      ///< of the element: "/Channel/Orderer/BatchTimeout"
    std::string sentence;  ///< without a full stop
    std::vector<ConfigChange> details;
};

/// A policy that must agree to an update, and the elements that ask for it.
struct RequiredAgreement {
    std::string policy;  ///< path
    std::string
        text;  ///< what stands there; empty when there is no such policy, and nobody can agree
    std::vector<std::string> elements;  ///< "[Value] /Channel/Orderer/BatchSize"
};

}  // namespace chancery::usecase
