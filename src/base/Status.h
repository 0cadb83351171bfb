#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace chancery {

/// Errors below the front ends: a canonical code, a sentence for the log, and a stable reason with
/// arguments from which the front ends make what a user reads.
using Status = absl::Status;
template <class T>
using Result = absl::StatusOr<T>;
using StatusCode = absl::StatusCode;

using ErrorArguments = std::vector<std::pair<std::string, std::string>>;

/// `reason` is UPPER_SNAKE_CASE and never changes once published ("POLICY_NOT_SATISFIED").
Status makeError(StatusCode code, std::string_view reason, std::string_view sentence,
                 ErrorArguments arguments = {});

/// The sentence of an error as a standard view (Debian's absl has a string_view of its own).
std::string_view messageOf(const Status& status);

/// The reason given to makeError; empty when there is none (an error of a foreign library).
std::string reasonOf(const Status& status);

/// The arguments given to makeError, in the same order.
ErrorArguments argumentsOf(const Status& status);

/// Value of one argument; empty when missing.
std::string argumentOf(const Status& status, std::string_view name);

/// The same error with "context: " before its sentence; reason and arguments stay. OK stays OK.
Status withContext(const Status& status, std::string_view context);

}  // namespace chancery

#define CHANCERY_CONCAT_INNER(a, b) a##b
#define CHANCERY_CONCAT(a, b) CHANCERY_CONCAT_INNER(a, b)

/// Leaves the function with the error, if there is one.
#define RETURN_IF_ERROR(expression)                                                           \
    do {                                                                                      \
        if (::chancery::Status returnIfErrorStatus = (expression); !returnIfErrorStatus.ok()) \
            return returnIfErrorStatus;                                                       \
    } while (false)

/// ASSIGN_OR_RETURN(auto value, resultOf(...)): the value, or leaves the function with the error.
#define ASSIGN_OR_RETURN(target, expression) \
    ASSIGN_OR_RETURN_NAMED(CHANCERY_CONCAT(assignOrReturn, __LINE__), target, expression)
#define ASSIGN_OR_RETURN_NAMED(name, target, expression) \
    auto name = (expression);                            \
    if (!name.ok()) return std::move(name).status();     \
    target = *std::move(name)
