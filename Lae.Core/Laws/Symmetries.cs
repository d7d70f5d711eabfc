using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Laws;

/// <summary>
/// Symmetries that a kernel has as a function of its target: turn, shift or relabel the target, the state and the noise, and the step is turned, shifted or relabelled, with the same acceptance.
/// No random test is made: the same noise is given to both, its normal leaves (named <c>xi…</c>) mapped as the positions are, so that a few transitions must agree up to rounding.
/// <code>
///     U'(y) = U(M⁻¹ y):    step'(M x; M ξ) = M step(x; ξ)
/// </code>
/// Coordinates of a state whose names begin with <c>position</c> are mapped as positions; others (momentum, carried noise) as vectors where they have a multiple of <c>dimension</c> columns, and held where they do not
/// (a thermostat).
/// </summary>
public static class Symmetries
{
    private const int Transitions = 3;
    private const double Raised = 3.25;

    /// <summary>All symmetries that need nothing but the builder.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="create">The kernel for a target.</param>
    /// <param name="target">Any target; one that is not Gaussian and has no symmetry of its own shows most.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="key">The noise, and the rotation.</param>
    /// <param name="isIsotropic">Whether the kernel treats all directions alike; false for one with a constant preconditioner or mass matrix, of which rotations and permutations are not asked.</param>
    /// <param name="tolerance">The largest error relative to 1 + the largest value.</param>
    /// <returns>One result for each law.</returns>
    public static IReadOnlyList<LawResult> All<TState>(
        Func<Target, Kernel<TState>> create, Target target, Tensor position, RandomKey key, bool isIsotropic = true, double tolerance = 1e-9)
        where TState : class, IKernelState<TState> =>
    [
        .. isIsotropic && target.Dimension > 1
            ? (LawResult[])[Rotation(create, target, position, key, tolerance), Permutation(create, target, position, key, tolerance)]
            : [],
        Translation(create, target, position, key, tolerance),
        ConstantEnergy(create, target, position, key, tolerance),
    ];

    /// <summary>I-51: a rotated target, state and noise give the rotated step. It sees a coordinate that is treated apart, and normals that coordinates share.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="create">The kernel for a target, without preconditioner or mass matrix.</param>
    /// <param name="target">The target.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="key">The noise, and the rotation.</param>
    /// <param name="tolerance">The largest error relative to 1 + the largest value.</param>
    /// <returns>The law's result.</returns>
    public static LawResult Rotation<TState>(Func<Target, Kernel<TState>> create, Target target, Tensor position, RandomKey key, double tolerance = 1e-9)
        where TState : class, IKernelState<TState> => Linear(
            "I-51 rotation", create, target, RandomRotation(target.Dimension, key), position, key, tolerance,
            "A rotated target, state and noise did not give the rotated step: a coordinate is treated apart, or coordinates share noise. A kernel with a preconditioner or a mass matrix has no such symmetry.");

    /// <summary>I-52: relabelled coordinates give the relabelled step.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="create">The kernel for a target, without preconditioner or mass matrix.</param>
    /// <param name="target">The target.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="key">The noise.</param>
    /// <param name="tolerance">The largest error relative to 1 + the largest value.</param>
    /// <returns>The law's result.</returns>
    public static LawResult Permutation<TState>(Func<Target, Kernel<TState>> create, Target target, Tensor position, RandomKey key, double tolerance = 1e-9)
        where TState : class, IKernelState<TState>
    {
        int d = target.Dimension;
        double[] shift = [.. Enumerable.Range(0, d * d).Select(i => i % d == ((i / d) + 1) % d ? 1.0 : 0.0)];
        return Linear(
            "I-52 permutation", create, target, Tensor.FromArray(shift, d, d), position, key, tolerance,
            "Relabelled coordinates did not give the relabelled step: a coordinate is treated apart, or coordinates share noise.");
    }

    /// <summary>I-52: a shifted target and state give the shifted step. It sees a pull to the origin that the target does not have.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="create">The kernel for a target.</param>
    /// <param name="target">The target.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="key">The noise.</param>
    /// <param name="tolerance">The largest error relative to 1 + the largest value.</param>
    /// <returns>The law's result.</returns>
    public static LawResult Translation<TState>(Func<Target, Kernel<TState>> create, Target target, Tensor position, RandomKey key, double tolerance = 1e-9)
        where TState : class, IKernelState<TState>
    {
        Tensor shift = Tensor.FromArray([.. Enumerable.Range(0, target.Dimension).Select(i => 1.5 - (0.75 * i))]).Cast(target.DType);
        Target moved = Target.FromGradient(target.Dimension, y => target.Evaluate(y - shift), target.DType, $"{target.Name}, shifted");
        return Compared(
            "I-52 translation", create(target), create(moved), position, x => x + shift, static v => v, key, tolerance,
            "A shifted target and state did not give the shifted step: the kernel uses where the origin is, and not the target alone.");
    }

    /// <summary>I-53: a constant added to the log density changes nothing. It sees a ratio in which the density enters alone.</summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="create">The kernel for a target.</param>
    /// <param name="target">The target.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="key">The noise.</param>
    /// <param name="tolerance">The largest error relative to 1 + the largest value.</param>
    /// <returns>The law's result.</returns>
    public static LawResult ConstantEnergy<TState>(Func<Target, Kernel<TState>> create, Target target, Tensor position, RandomKey key, double tolerance = 1e-9)
        where TState : class, IKernelState<TState>
    {
        Target raised = Target.FromGradient(
            target.Dimension, x => target.Evaluate(x) is var at ? at with { LogDensity = at.LogDensity + Raised } : at, target.DType, $"{target.Name}, raised");
        return Compared(
            "I-53 constant energy", create(target), create(raised), position, static x => x, static v => v, key, tolerance,
            "A constant added to the log density changed the step or its acceptance: only differences of it may enter.");
    }

    /// <summary>
    /// I-54: a kernel at temperature T on π steps as a kernel at temperature 1 with its constants rescaled steps on π^{1/T}. It sees every wrong power of T, which no test at T = 1 can.
    /// <code>
    ///     overdamped:    step size h  ↔  h T
    ///     underdamped:   step size h  ↔  h √T,  friction γ  ↔  γ/√T,  momentum p  ↔  p/√T
    /// </code>
    /// </summary>
    /// <typeparam name="TState">The state type.</typeparam>
    /// <param name="atTemperature">The kernel at T for a target.</param>
    /// <param name="atOne">The kernel at temperature 1 for a target, with the constants rescaled as above.</param>
    /// <param name="target">π.</param>
    /// <param name="temperature">T, positive and not 1.</param>
    /// <param name="position">[chains, dimension].</param>
    /// <param name="key">The noise.</param>
    /// <param name="momentumScale">By what a momentum of the first kernel is multiplied to be one of the second: 1/√T, or 1 where there is none.</param>
    /// <param name="tolerance">The largest error relative to 1 + the largest value.</param>
    /// <returns>The law's result.</returns>
    public static LawResult Temperature<TState>(
        Func<Target, Kernel<TState>> atTemperature,
        Func<Target, Kernel<TState>> atOne,
        Target target,
        double temperature,
        Tensor position,
        RandomKey key,
        double momentumScale = 1,
        double tolerance = 1e-9)
        where TState : class, IKernelState<TState>
    {
        if (!(temperature > 0) || !double.IsFinite(temperature))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "A temperature must be positive and finite.");
        }

        Target tempered = Target.FromGradient(
            target.Dimension,
            x => target.Evaluate(x) is var at ? new LogDensityAndGradient(at.LogDensity * (1 / temperature), at.Gradient * (1 / temperature)) : at,
            target.DType,
            $"{target.Name}, tempered");
        return Compared(
            "I-54 temperature", atTemperature(target), atOne(tempered), position, static x => x, v => v * momentumScale, key, tolerance,
            "A step at temperature T is not the rescaled step at temperature 1 on the tempered target: a wrong power of T in the noise, the momentum or the acceptance ratio.", mapsNoise: false);
    }

    private static LawResult Linear<TState>(
        string law, Func<Target, Kernel<TState>> create, Target target, Tensor matrix, Tensor position, RandomKey key, double tolerance, string explanation)
        where TState : class, IKernelState<TState>
    {
        Tensor m = matrix.Cast(target.DType);

        // the matrix is orthogonal: y M takes y back
        Target mapped = Target.FromGradient(
            target.Dimension,
            y => target.Evaluate(y.MatMul(m)) is var at ? at with { Gradient = at.Gradient.MatMul(m, transposeB: true) } : at,
            target.DType,
            $"{target.Name}, mapped");
        return Compared(law, create(target), create(mapped), position, Map, Map, key, tolerance, explanation);

        Tensor Map(Tensor x) => x.MatMul(m, transposeB: true);
    }

    private static LawResult Compared<TState>(
        string law,
        Kernel<TState> here,
        Kernel<TState> there,
        Tensor position,
        Func<Tensor, Tensor> ofPosition,
        Func<Tensor, Tensor> ofVector,
        RandomKey key,
        double tolerance,
        string explanation,
        bool mapsNoise = true)
        where TState : class, IKernelState<TState>
    {
        int d = here.Dimension;
        Chains chains = Chains.Range(position.Shape[0]);
        TState a = here.Thermalize(NoiseSource.OfStart(key, chains, Workspace.Default), here.Initialize(position));
        TState b = Image(a);
        double error = 0;
        for (int step = 0; step < Transitions; step++)
        {
            Noise noise = here.DrawNoise(new NoiseSource(key, step, chains, Workspace.Default));
            Transition<TState> nextA = here.Advance(noise, a);
            Transition<TState> nextB = there.Advance(mapsNoise ? noise.MapRows(static x => x, x => Vectors(x, ofVector)) : noise, b);
            (a, b) = (nextA.State, nextB.State);
            TState expected = Image(a);
            for (int i = 0; i < a.Layout.Count; i++)
            {
                if (a.Layout[i].Role == LeafRole.Coordinate)
                {
                    error = double.MaxMagnitude(error, Difference(expected.Leaf(i), b.Leaf(i)));
                }
            }

            if (nextA.Info.EnergyError is { } energyA && nextB.Info.EnergyError is { } energyB)
            {
                error = double.MaxMagnitude(error, Difference(energyA, energyB));
            }
        }

        return new LawResult(law, error, tolerance, explanation);

        TState Image(TState state)
        {
            Tensor[] leaves = [.. Enumerable.Range(0, state.Layout.Count).Select(i =>
                state.Layout[i].Role == LeafRole.Cache ? state.Leaf(i)
                : IsPosition(state, i) ? ofPosition(state.Leaf(i)) : Vectors(state.Leaf(i), ofVector))];
            return there.Refresh(state.WithLeaves(leaves));
        }

        // replicas have their positions under names that begin so
        static bool IsPosition(TState state, int leaf) =>
            ReferenceEquals(state.Leaf(leaf), state.Position) || state.Layout[leaf].Name.StartsWith("position", StringComparison.Ordinal);

        Tensor Vectors(Tensor x, Func<Tensor, Tensor> map)
        {
            int columns = x.Count / x.Shape[0];
            return columns % d == 0 && x.Rank > 1 ? map(x.Reshape(x.Count / d, d)).Reshape(x.Shape) : x;
        }
    }

    private static double Difference(Tensor expected, Tensor actual)
    {
        double[] values = expected.ToArray();
        double scale = 1 + values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        return values.Zip(actual.ToArray(), (x, y) => x.Equals(y) ? 0 : Math.Abs(x - y) / scale).Aggregate(0.0, double.MaxMagnitude);
    }

    private static Tensor RandomRotation(int dimension, RandomKey key)
    {
        double[] normals = ExactTarget.Normals(key, dimension, dimension, DType.Float64, stream: 77).ToArray();
        Matrix<double> q = Matrix<double>.Build.DenseOfRowMajor(dimension, dimension, normals).QR().Q;
        return Tensor.FromArray(q.Transpose().ToColumnMajorArray(), dimension, dimension);
    }
}
