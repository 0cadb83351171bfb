#pragma once

#include <string>
#include <vector>

#include "src/usecase/ConfigDraft.h"

namespace chancery::usecase {

/// An element that two changes treat differently.
struct DraftConflict {
    std::string path;      ///< "/Channel/Orderer/BatchTimeout"
    std::string sentence;  ///< what each of the two did
};

struct RebasedDraft {
    ConfigDraft draft;                     ///< unsigned: its bytes are others
    bool nothingToDo = false;              ///< the newest configuration is its base already
    std::vector<DraftConflict> conflicts;  ///< then the draft is the old one
};

/// Carries what a draft changes onto a later configuration.
class RebaseDraft {
public:
    /// With the configuration in force (common.Config). ALREADY_EXISTS (CHANGE_IN_FORCE) when it
    /// says already what the draft wants; errors of makeDraft.
    Result<RebasedDraft> run(const ConfigDraft& draft, BytesView newest) const;
};

}  // namespace chancery::usecase
