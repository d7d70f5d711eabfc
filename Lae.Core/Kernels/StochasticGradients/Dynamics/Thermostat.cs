using System.Collections.Immutable;
using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <summary>What dynamics with a thermostat has in common: the leaves <c>momentum</c> (p, [chains, dimension]) and <c>thermostat</c> (ζ, [chains]), and the motion of ζ.</summary>
internal static class Thermostat
{
    public static ImmutableArray<StateLeaf> Leaves { get; } = [new("momentum", LeafRole.Coordinate), new("thermostat", LeafRole.Held)];

    /// <summary>p = 0 and ζ = γ.</summary>
    public static ImmutableArray<Tensor> Start(ThermostatSettings settings, Tensor position) =>
    [
        Tensor.Zeros(position.Shape, position.DType, position.Workspace),
        Tensor.Full(settings.Friction, new Shape(position.Shape[0]), position.DType, position.Workspace),
    ];

    /// <summary>p ~ N(0, T M) and ζ ~ N(γ, T/μ).</summary>
    public static ImmutableArray<Tensor> Thermalize(ThermostatSettings settings, NoiseSource source, Tensor position)
    {
        int d = position.Shape[1];
        Tensor xi = source.Normal(1, 1, position.DType).Reshape(position.Shape[0]);
        return
        [
            settings.Mass.ApplyRoot(source.Normal(0, d, position.DType)) * Math.Sqrt(settings.Temperature),
            xi.ScaleShift(Math.Sqrt(settings.Temperature / (settings.ThermalMass ?? d)), settings.Friction),
        ];
    }

    /// <summary>ζ + (t/μ) (pᵀ M⁻¹ p − d T), [chains].</summary>
    public static Tensor Move(ThermostatSettings settings, double t, Tensor zeta, Tensor p)
    {
        int d = p.Shape[1];
        double scale = t / (settings.ThermalMass ?? d);
        return Elementwise.ScaleAdd(2 * scale, settings.Mass.KineticEnergy(p), zeta).ScaleShift(1, -scale * d * settings.Temperature);
    }

    public static void RequireFits(ThermostatSettings settings, Target target) => settings.Mass.RequireFits(target);
}
