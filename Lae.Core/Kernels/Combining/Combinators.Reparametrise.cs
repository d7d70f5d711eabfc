using Lae.Numerics;
using Lae.Targets;

namespace Lae.Kernels;

/// <content>Kernels that work on other variables, or on a tempered target, and are seen from outside.</content>
public static partial class Combinators
{
    /// <summary>
    /// A kernel on other variables: x = f(y), where the inner kernel moves y with the pulled-back target (<see cref="PulledBackTarget"/>). Leaves π^{1/T} invariant in x where the inner kernel does so of its target in y.
    /// Gradients cost what they do in x, and one backward pass through f. The coordinates of the state are those of y; position x and log density log π(x) follow.
    /// </summary>
    /// <typeparam name="TState">The state type of the inner kernel, which must keep a log density.</typeparam>
    /// <param name="target">π.</param>
    /// <param name="map">f.</param>
    /// <param name="builder">The inner kernel for a target.</param>
    /// <returns>A kernel.</returns>
    /// <exception cref="ArgumentException">The map does not fit the target, or the state of the kernel keeps no log density.</exception>
    public static Kernel<TransformedState<TState>> Reparametrise<TState>(Target target, Bijection map, Func<Target, Kernel<TState>> builder)
        where TState : class, IKernelState<TState>
    {
        Kernel<TState> inner = builder(target.PullBack(map));
        return Transformed(
            $"{inner.Name} through {map.Name}", inner, map.Inverse, map.Forward, (position, logDensity) => logDensity - map.LogJacobian(position));
    }

    /// <summary>
    /// A kernel with a linear change of variables x = m + S y around it, P = S Sᵀ: ULA of step size h becomes ULA of step size h with preconditioner P, and any other kernel likewise.
    /// </summary>
    /// <typeparam name="TState">The state type of the inner kernel, which must keep a log density.</typeparam>
    /// <param name="target">π.</param>
    /// <param name="preconditioner">P; the best is the covariance of the target.</param>
    /// <param name="builder">The inner kernel for a target.</param>
    /// <param name="centre">m, [dimension]; 0 if null.</param>
    /// <returns>A kernel.</returns>
    /// <exception cref="ArgumentException">P or m does not fit the target, or the state of the kernel keeps no log density.</exception>
    public static Kernel<TransformedState<TState>> Precondition<TState>(Target target, Preconditioner preconditioner, Func<Target, Kernel<TState>> builder, Tensor? centre = null)
        where TState : class, IKernelState<TState>
    {
        return Reparametrise(target, LinearMap(target, preconditioner, centre), builder);
    }

    /// <summary>x = m + S y, where S is the root of P.</summary>
    internal static Bijection LinearMap(Target target, Preconditioner preconditioner, Tensor? centre)
    {
        preconditioner.RequireFits(target);
        int d = target.Dimension;
        Tensor unit = Tensor.Identity(d, target.DType);

        // row i of ApplyRoot(I) is S e_i, column i of S; a diagonal stays one
        Tensor columns = preconditioner.ApplyRoot(unit);
        Tensor scale = preconditioner.IsDiagonal ? (columns * unit).Sum(1) : columns.Transpose();
        return Bijection.Affine(centre ?? Tensor.Zeros(new Shape(d), target.DType), scale);
    }

    /// <summary>
    /// A kernel on the tempered target π^{1/T}. The settings of the kernel are those for that target: ULA of step size h here is ULA of π at temperature T and step size h/T.
    /// </summary>
    /// <typeparam name="TState">The state type of the inner kernel, which must keep a log density.</typeparam>
    /// <param name="target">π.</param>
    /// <param name="temperature">T, positive and finite.</param>
    /// <param name="builder">The inner kernel for a target.</param>
    /// <returns>A kernel, the log density of whose state is log π, not tempered.</returns>
    /// <exception cref="ArgumentException">The state of the kernel keeps no log density.</exception>
    public static Kernel<TransformedState<TState>> Temper<TState>(Target target, double temperature, Func<Target, Kernel<TState>> builder)
        where TState : class, IKernelState<TState>
    {
        Kernel<TState> inner = builder(target.Temper(temperature));
        return Transformed(
            FormattableString.Invariant($"{inner.Name} at temperature {temperature:G6}"),
            inner,
            static position => position,
            static position => position,
            (_, logDensity) => logDensity * temperature);
    }

    private static Kernel<TransformedState<TState>> Transformed<TState>(
        string name, Kernel<TState> inner, Func<Tensor, Tensor> inward, Func<Tensor, Tensor> outward, Func<Tensor, Tensor, Tensor> logDensity)
        where TState : class, IKernelState<TState>
    {
        RequireLogDensity(inner);
        return new Kernel<TransformedState<TState>>(
            name,
            inner.Dimension,
            inner.DType,
            x => Seen(inner.Initialize(inward(x))),
            state => Seen(inner.Refresh(state.Inner)),
            inner.DrawNoise,
            (noise, state) => SeenAfter(inner.Advance(noise, state.Inner)),
            (source, state) => Seen(inner.Thermalize(source, state.Inner)))
        {
            IsDivisible = inner.IsDivisible,
            Move = (source, state) => SeenAfter(inner.Transition(source, state.Inner)),
            MoveFrom = inner.MoveFrom is null ? null : (source, start, position) => SeenFrom(inner.MoveFrom(source, start, inward(position))),
        };

        Transition<TransformedState<TState>> SeenAfter(Transition<TState> next) => new(Seen(next.State), next.Info);

        TransformedState<TState> Seen(TState state) => new(outward(state.Position), logDensity(state.Position, ((IHasLogDensity)state).LogDensity), state);

        PositionMove SeenFrom(PositionMove moved)
        {
            Tensor position = outward(moved.Position);
            Tensor seen = logDensity(moved.Position, moved.LogDensity);
            return new PositionMove(position, PositionMove.Witness(seen, position, seen), moved.Info);
        }
    }
}
