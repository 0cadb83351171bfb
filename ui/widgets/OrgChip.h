#pragma once

#include <QWidget>

#include "ui/style/Theme.h"

namespace chancery::ui {

/// Two letters of an organisation with its coloured edge, and its name beside it when wanted.
class OrgChip : public QWidget {
    Q_OBJECT
public:
    explicit OrgChip(QWidget* parent = nullptr);

    /// The monogram is made of the name or MSP id; `series` as in Theme::seriesTone.
    void setOrganisation(const QString& nameOrMspId, int series);
    void setNameShown(bool shown);
    void setNameType(Type type);
    QString letters() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_name;
    int m_series = 0;
    bool m_nameShown = false;
    Type m_type = Type::Table;
};

}  // namespace chancery::ui
