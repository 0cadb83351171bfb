#include "ui/widgets/Splitters.h"

#include <QSettings>
#include <QSplitter>

namespace chancery::ui {
namespace {

QString settingOf(const QSplitter* splitter) {
    return QStringLiteral("splitters/") + splitter->objectName();
}

}  // namespace

bool restoreSizes(QSplitter* splitter) {
    const QByteArray state = QSettings().value(settingOf(splitter)).toByteArray();
    return !state.isEmpty() && splitter->restoreState(state);
}

void keepSizes(QSplitter* splitter) {
    restoreSizes(splitter);
    QObject::connect(splitter, &QSplitter::splitterMoved, splitter, [splitter] {
        QSettings().setValue(settingOf(splitter), splitter->saveState());
    });
}

}  // namespace chancery::ui
