#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/Ids.h"
#include "src/base/Sentence.h"

namespace chancery::usecase {

/// One thing that differs between two configurations.
struct ConfigChange {
    std::string id;        ///< of the sentence's template, for translation: "BATCH_TIMEOUT_CHANGED"
    std::string path;      ///< of the element: "/Channel/Orderer/BatchTimeout"
    std::string sentence;  ///< without a full stop
    ErrorArguments arguments;  ///< that the template names
    std::vector<ConfigChange> details;

    /// For a front end; the ids of changes stand apart from reasons of errors: "CHANGE.…".
    Sentence told() const { return {sentence, path.empty() ? id : "CHANGE." + id, arguments}; }
};

/// A policy that must agree to an update, and the elements that ask for it.
struct RequiredAgreement {
    std::string policy;  ///< path
    std::string
        text;  ///< what stands there; empty when there is no such policy, and nobody can agree
    std::vector<std::string> elements;  ///< "[Value] /Channel/Orderer/BatchSize"
};

}  // namespace chancery::usecase
