// Facts of CBV 2.0 sections 7 and 8. Append only: a term's position is its code in signed payloads, and a golden test
// holds every position. What CBV 2.0's drafts had and the standard has not stands at the end of its list.

extension Vocabulary {
    /// `bizStep`: what the business was doing (CBV 2.0 section 7.1).
    public static let bizSteps = Vocabulary(
        curie: "cbv:BizStep-",
        webURI: "https://ref.gs1.org/cbv/BizStep-",
        urn: "urn:epcglobal:cbv:bizstep:",
        [
            "accepting", "arriving", "assembling", "collecting", "commissioning", "consigning",
            "creating_class_instance", "cycle_counting", "decommissioning", "departing", "destroying",
            "disassembling", "dispensing", "encoding", "entering_exiting", "holding", "inspecting",
            "installing", "killing", "loading", "other", "packing", "picking", "receiving", "removing",
            "repackaging", "repairing", "replacing", "reserving", "retail_selling", "sampling",
            "sensor_reporting", "shipping", "staging_outbound", "stock_taking", "stocking", "storing",
            "transporting", "unloading", "unpacking", "void_shipping",
        ]
    )

    /// `disposition`, `set`, `unset`: the state of the objects (CBV 2.0 section 7.2).
    public static let dispositions = Vocabulary(
        curie: "cbv:Disp-",
        webURI: "https://ref.gs1.org/cbv/Disp-",
        urn: "urn:epcglobal:cbv:disp:",
        [
            "active", "available", "completeness_inferred", "completeness_verified", "conformant",
            "container_closed", "container_open", "damaged", "destroyed", "dispensed", "disposed", "encoded",
            "expired", "in_progress", "in_transit", "inactive", "mismatch_class", "mismatch_instance",
            "mismatch_quantity", "needs_replacement", "no_pedigree_match", "non_conformant",
            "non_sellable_other", "partially_dispensed", "recalled", "reserved", "retail_sold", "returned",
            "sellable_accessible", "sellable_not_accessible", "stolen", "unavailable", "unknown",
        ]
    )

    /// Types of business transactions (CBV 2.0 section 7.3).
    public static let bizTransactionTypes = Vocabulary(
        curie: "cbv:BTT-",
        webURI: "https://ref.gs1.org/cbv/BTT-",
        urn: "urn:epcglobal:cbv:btt:",
        [
            "bol", "cert", "desadv", "inv", "pedigree", "po", "poc", "prodorder", "recadv", "rma", "testprd",
            "testres", "upevt",
        ]
    )

    /// Types of sources and destinations (CBV 2.0 section 7.4).
    public static let sourceDestinationTypes = Vocabulary(
        curie: "cbv:SDT-",
        webURI: "https://ref.gs1.org/cbv/SDT-",
        urn: "urn:epcglobal:cbv:sdt:",
        [
            "owning_party", "possessing_party", "location",
        ]
    )

    /// Reasons of error declarations (CBV 2.0 section 7.5).
    public static let errorReasons = Vocabulary(
        curie: "cbv:ER-",
        webURI: "https://ref.gs1.org/cbv/ER-",
        urn: "urn:epcglobal:cbv:er:",
        [
            "did_not_occur", "incorrect_data",
        ]
    )

    /// Components of vectors and positions (CBV 2.0 section 7.6).
    public static let components = Vocabulary(
        curie: "cbv:Comp-",
        webURI: "https://ref.gs1.org/cbv/Comp-",
        urn: nil,
        [
            "x", "y", "z", "axial_distance", "azimuth", "height", "spherical_radius", "polar_angle",
            "elevation_angle", "easting", "northing", "latitude", "longitude", "altitude", "geocoordinate",
        ]
    )

    /// What sensors measure (GS1 Web Vocabulary, `gs1:MeasurementType`).
    public static let measurementTypes = Vocabulary(
        curie: "gs1:",
        webURI: "https://gs1.org/voc/",
        urn: nil,
        [
            "AbsoluteHumidity", "AbsorbedDose", "AbsorbedDoseRate", "Acceleration", "Altitude",
            "AmountOfSubstance", "AmountOfSubstancePerUnitVolume", "Angle", "AngularAcceleration",
            "AngularMomentum", "AngularVelocity", "Area", "Capacitance", "Conductance", "Conductivity", "Count",
            "Density", "Dimensionless", "DoseEquivalent", "DoseEquivalentRate", "DynamicViscosity",
            "ElectricCharge", "ElectricCurrent", "ElectricCurrentDensity", "ElectricFieldStrength", "Energy",
            "Exposure", "Force", "Frequency", "Illuminance", "Inductance", "Irradiance", "KinematicViscosity",
            "Length", "LinearMomentum", "Luminance", "LuminousFlux", "LuminousIntensity", "MagneticFlux",
            "MagneticFluxDensity", "MagneticVectorPotential", "Mass", "MassConcentration", "MassFlowRate",
            "MassPerAreaTime", "MemoryCapacity", "MolalityOfSolute", "MolarEnergy", "MolarMass", "MolarVolume",
            "Power", "Pressure", "RadiantFlux", "RadiantIntensity", "Radioactivity", "RelativeHumidity",
            "Resistance", "Resistivity", "SolidAngle", "SpecificVolume", "Speed", "SurfaceDensity",
            "SurfaceTension", "Temperature", "Time", "Torque", "Voltage", "Volume", "VolumeFlowRate",
            "VolumeFraction", "VolumetricFlux", "Wavenumber", "Activity",
        ]
    )

    /// What sensors report instead of a value (GS1 Web Vocabulary, `gs1:SensorAlertType`).
    public static let sensorAlertTypes = Vocabulary(
        curie: "gs1:",
        webURI: "https://gs1.org/voc/",
        urn: nil,
        [
            "ALARM_CONDITION", "ERROR_CONDITION",
        ]
    )
}
