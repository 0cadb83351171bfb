#pragma once

#include <QStringList>
#include <QWidget>

namespace chancery::ui {

/// Short sentences as a list with bullets, plain text.
class Bullets : public QWidget {
    Q_OBJECT
public:
    explicit Bullets(const QStringList& lines = {}, QWidget* parent = nullptr);
    void setLines(const QStringList& lines);
};

}  // namespace chancery::ui
