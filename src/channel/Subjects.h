#pragma once

#include <span>
#include <string_view>

namespace chancery::channel {

enum class SubjectForm {
    Setting,  ///< has a text before and after
    Item,     ///< a member of a list: comes and goes
};

/// What a change can be about. The noun may name arguments; a sentence that the form does not give
/// stands in `added`, `removed` or `changed`.
struct Subject {
    std::string_view name;
    SubjectForm form = SubjectForm::Setting;
    std::string_view noun;
    std::string_view added = {};
    std::string_view removed = {};
    std::string_view changed = {};
};

std::span<const Subject> subjects();

}  // namespace chancery::channel
