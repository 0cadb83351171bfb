#pragma once

#include "ui/models/NotificationModel.h"
#include "ui/models/OperationModel.h"
#include "ui/style/Icons.h"

namespace chancery::ui {

inline Status statusOf(Operation::State state) {
    switch (state) {
        case Operation::State::Running:
            return Status::Running;
        case Operation::State::Succeeded:
            return Status::Ok;
        case Operation::State::Warned:
            return Status::Warn;
        case Operation::State::Failed:
            return Status::Error;
        case Operation::State::Cancelled:
            return Status::Off;
    }
    return Status::Unknown;
}

inline Status statusOf(Notification::Kind kind) {
    switch (kind) {
        case Notification::Kind::Info:
            return Status::Info;
        case Notification::Kind::Good:
            return Status::Ok;
        case Notification::Kind::Warning:
            return Status::Warn;
        case Notification::Kind::Error:
            return Status::Error;
    }
    return Status::Unknown;
}

}  // namespace chancery::ui
