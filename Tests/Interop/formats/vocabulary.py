"""The vocabularies of CBV 2.0 and the codes that signed payloads hold for their terms: the position, from 0.

Written down a second time on purpose: a code that changed its meaning must fail here.
"""

from typing import NamedTuple


class Vocabulary(NamedTuple):
    prefixes: tuple[str, str, str | None]  # CURIE, web URI, URN
    terms: list[str]


BIZ_STEPS = Vocabulary(
    ("cbv:BizStep-", "https://ref.gs1.org/cbv/BizStep-", "urn:epcglobal:cbv:bizstep:"),
    """
    accepting arriving assembling collecting commissioning consigning creating_class_instance
    cycle_counting decommissioning departing destroying disassembling dispensing encoding
    entering_exiting holding inspecting installing killing loading other packing picking receiving
    removing repackaging repairing replacing reserving retail_selling sampling sensor_reporting
    shipping staging_outbound stock_taking stocking storing transporting unloading unpacking
    void_shipping
    """.split(),
)
DISPOSITIONS = Vocabulary(
    ("cbv:Disp-", "https://ref.gs1.org/cbv/Disp-", "urn:epcglobal:cbv:disp:"),
    """
    active available completeness_inferred completeness_verified conformant container_closed
    container_open damaged destroyed dispensed disposed encoded expired in_progress in_transit
    inactive mismatch_class mismatch_instance mismatch_quantity needs_replacement no_pedigree_match
    non_conformant non_sellable_other partially_dispensed recalled reserved retail_sold returned
    sellable_accessible sellable_not_accessible stolen unavailable unknown
    """.split(),
)
TRANSACTION_TYPES = Vocabulary(
    ("cbv:BTT-", "https://ref.gs1.org/cbv/BTT-", "urn:epcglobal:cbv:btt:"),
    """
    bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt
    """.split(),
)
END_TYPES = Vocabulary(
    ("cbv:SDT-", "https://ref.gs1.org/cbv/SDT-", "urn:epcglobal:cbv:sdt:"),
    """
    owning_party possessing_party location
    """.split(),
)
ERROR_REASONS = Vocabulary(
    ("cbv:ER-", "https://ref.gs1.org/cbv/ER-", "urn:epcglobal:cbv:er:"),
    """
    did_not_occur incorrect_data
    """.split(),
)
COMPONENTS = Vocabulary(
    ("cbv:Comp-", "https://ref.gs1.org/cbv/Comp-", None),
    """
    x y z axial_distance azimuth height spherical_radius polar_angle elevation_angle easting
    northing latitude longitude altitude geocoordinate
    """.split(),
)
MEASUREMENT_TYPES = Vocabulary(
    ("gs1:", "https://gs1.org/voc/", None),
    """
    AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Altitude AmountOfSubstance
    AmountOfSubstancePerUnitVolume Angle AngularAcceleration AngularMomentum AngularVelocity Area
    Capacitance Conductance Conductivity Count Density Dimensionless DoseEquivalent
    DoseEquivalentRate DynamicViscosity ElectricCharge ElectricCurrent ElectricCurrentDensity
    ElectricFieldStrength Energy Exposure Force Frequency Illuminance Inductance Irradiance
    KinematicViscosity Length LinearMomentum Luminance LuminousFlux LuminousIntensity MagneticFlux
    MagneticFluxDensity MagneticVectorPotential Mass MassConcentration MassFlowRate MassPerAreaTime
    MemoryCapacity MolalityOfSolute MolarEnergy MolarMass MolarVolume Power Pressure RadiantFlux
    RadiantIntensity Radioactivity RelativeHumidity Resistance Resistivity SolidAngle SpecificVolume
    Speed SurfaceDensity SurfaceTension Temperature Time Torque Voltage Volume VolumeFlowRate
    VolumeFraction VolumetricFlux Wavenumber Activity
    """.split(),
)
ALERT_TYPES = Vocabulary(
    ("gs1:", "https://gs1.org/voc/", None),
    """
    ALARM_CONDITION ERROR_CONDITION
    """.split(),
)

NAMESPACES = """
    urn:epcglobal:cbv:mda: https://gs1.org/voc/ https://ref.gs1.org/cbv/ https://ref.gs1.org/epcis/
    http://www.w3.org/2000/01/rdf-schema# http://www.w3.org/2001/XMLSchema# http://purl.org/dc/terms/ https://schema.org/
""".split()
